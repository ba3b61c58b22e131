package rule

import (
	"fmt"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// addresses adds the addresses whose clicks are refused (R-47, D-23) and those
// that have clicked before.
func (c *compiler) addresses(o *config.Offer, memory *state.Memory) {
	if list := c.addressList("disallowed_ip", o.DisallowedIP); list != nil {
		c.add(click.IPNotAllowed, "disallowed_ip", &disallowed{list})
	}
	session, err := config.ParseClickSession(o.ClickSession)
	c.problem("click_session", err)
	if o.UniqIPOnly && err == nil {
		c.offer.unique = newUnique(o, session, memory)
	}
}

type disallowed struct{ list *target.AddressList }

func (d *disallowed) fits(c *click.Click) bool    { return !d.list.Contains(c.IP) }
func (d *disallowed) value(c *click.Click) string { return target.AddressText(c) }
func (d *disallowed) wants() string               { return fmt.Sprintf("none of %d ranges", d.list.Len()) }

// unique admits the first click of an address on the offer, an IPv6 address
// being its /64. The window begins with that click and lasts as long as
// the offer's click session (D-18), or as long as the memory of addresses,
// state.MaxWindow, when that is shorter. Impressions neither use an address up
// nor are refused.
type unique struct {
	counts   *state.Table
	space    state.Key
	windowMS int64
}

func newUnique(o *config.Offer, session time.Duration, memory *state.Memory) *unique {
	return &unique{
		counts:   memory.Counts,
		space:    memory.Namespace(o.Key().String(), click.PlaneClick.String(), "UNIQ_IP", ""),
		windowMS: min(session, state.MaxWindow).Milliseconds(),
	}
}

// judges tells whether the rule is about the click at all.
func (u *unique) judges(c *click.Click) bool {
	return c.Plane == click.PlaneClick && c.IP.IsValid()
}

// admit counts a click that counts and tells whether it is the first.
func (u *unique) admit(c *click.Click) bool {
	if !u.judges(c) || !c.Counts() {
		return u.fits(c)
	}
	return u.counts.Add(u.space.Addr(c.IP), c.TimeMS, u.windowMS) == 1
}

func (u *unique) fits(c *click.Click) bool {
	return !u.judges(c) || u.counts.Peek(u.space.Addr(c.IP), c.TimeMS) == 0
}

func (u *unique) value(c *click.Click) string { return target.AddressText(c) }

func (u *unique) wants() string {
	return "no click before in " + (time.Duration(u.windowMS) * time.Millisecond).String()
}
