package caps

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// terms are what all caps of an owner have in common.
type terms struct {
	owner    Owner
	zone     *time.Location
	statuses uint16
	diverts  bool
	percent  int
	// events are the goals of an offer that a click may reach.
	events []*config.OfferEvent
	// initial is the name of the initial conversion.
	initial string
}

// newCap compiles a cap; the document is valid (config).
func (t *terms) newCap(place string, doc *config.OfferCap) (*Cap, error) {
	measure, err := named(measureNames[:], doc.Type)
	if err != nil {
		return nil, fmt.Errorf("%s.type: %w", place, err)
	}
	period, err := named(periodNames[:], doc.Period)
	if err != nil {
		return nil, fmt.Errorf("%s.period: %w", place, err)
	}
	c := &Cap{
		owner: t.owner, ownerHash: ownerHash(t.owner), place: place, zone: t.zone,
		measure: Measure(measure), period: Period(period), limit: doc.Value.Millionths(),
		percent: t.percent, diverts: t.diverts, eachSubID: doc.SubIDEach, statuses: t.statuses,
	}
	if !c.measure.isAmount() {
		c.limit = doc.Value.Millionths() / one * one
	}
	if t.percent > 0 {
		c.notice = share(c.limit, t.percent)
	}
	if c.goals, err = newGroup(doc.GoalType, folded(doc.Goals)); err != nil {
		return nil, fmt.Errorf("%s.goal_type: %w", place, err)
	}
	c.goals.nameInitial(t.initial)
	if c.publishers, err = newGroup(doc.AffiliateType, decimals(doc.Affiliates)); err != nil {
		return nil, fmt.Errorf("%s.affiliate_type: %w", place, err)
	}
	if c.measure.countsTraffic() {
		c.goals, c.statuses = group{}, 0 // which clicks do not have
	}
	c.eachGoals = t.goalsOf(c)
	c.meter = c.hash()
	return c, nil
}

// owned compiles the caps of a document, in the first time zone that is named.
func (t *terms) owned(docs []config.OfferCap, statuses []string, zones ...string) (o *owned, err error) {
	for i := 0; i < len(zones) && (i == 0 || zones[i-1] == ""); i++ {
		if t.zone, err = config.Zone(zones[i]); err != nil {
			return nil, fmt.Errorf("time zone: %w", err)
		}
	}
	if t.statuses, err = statusSet(statuses); err != nil {
		return nil, err
	}
	o = &owned{hash: ownerHash(t.owner)}
	meters := map[uint64]*[]*Cap{}
	for i := range docs {
		c, err := t.newCap("caps["+strconv.Itoa(i)+"]", &docs[i])
		if err != nil {
			return nil, err
		}
		o.caps = append(o.caps, c)
		if meters[c.meter] == nil {
			meters[c.meter] = new([]*Cap)
		}
		*meters[c.meter] = append(*meters[c.meter], c)
	}
	for _, c := range o.caps {
		c.same = *meters[c.meter]
	}
	return o, nil
}

// named is the place of a name in a list.
func named(names []string, name string) (int, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return 0, fmt.Errorf("must be one of %s, found %q", strings.Join(names, ", "), name)
	}
	return i, nil
}

// newGroup reads a scope, empty being all, and its list.
func newGroup(name string, list []string) (group, error) {
	if name == "" {
		return group{}, nil
	}
	i, err := named(scopeNames[:], name)
	if err != nil {
		return group{}, err
	}
	g := group{scope: scope(i)}
	if g.scope == scopeExact || g.scope == scopeEach && len(list) > 0 {
		g.list = slices.Compact(slices.Sorted(slices.Values(list)))
		if g.list == nil {
			g.list = []string{}
		}
	}
	return g, nil
}

// folded are names as goals are compared, whatever their case: requests are
// read so, too.
func folded(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = strings.ToLower(name)
	}
	return list
}

// nameInitial makes the name of the initial conversion stand for its number:
// rows of it have no name.
func (g *group) nameInitial(name string) {
	if _, found := slices.BinarySearch(g.list, strings.ToLower(name)); found && name != "" && !g.has(initialGoal) {
		g.list = append(g.list, initialGoal)
		slices.Sort(g.list)
	}
}

func decimals(numbers []int64) []string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return texts
}

// goalsOf are the numbers of the goals that a click may reach and that have
// counters of their own.
func (t *terms) goalsOf(c *Cap) (numbers []string) {
	if c.goals.scope != scopeEach {
		return nil
	}
	add := func(number, name string) {
		if c.hasGoal(&Thing{EventNumber: number, EventName: name}) {
			numbers = append(numbers, number)
		}
	}
	if c.measure != Events {
		add(initialGoal, t.initial)
	}
	for _, e := range t.events {
		if e.Active && !e.Archived {
			add(strconv.FormatInt(e.IncrementalID, 10), e.Name)
		}
	}
	return numbers
}

// hash names what the cap counts: all of it but the limit and what happens
// there.
func (c *Cap) hash() uint64 {
	var b []byte
	zone := c.zone.String()
	if c.period == All {
		zone = "" // makes no difference
	}
	for _, s := range []string{
		c.measure.String(), c.period.String(), zone, strconv.Itoa(int(c.statuses)), strconv.FormatBool(c.eachSubID),
	} {
		b = append(append(b, s...), 0)
	}
	for _, g := range []*group{&c.goals, &c.publishers} {
		b = append(append(b, scopeNames[g.scope]...), 0)
		for _, name := range g.list {
			b = append(append(b, name...), 0)
		}
		b = append(b, 0)
	}
	return hashOf(c.ownerHash, saltA, string(b))
}

// share is percent of n, rounded up: the least sum that has filled it so far.
func share(n int64, percent int) int64 {
	hi, lo := bits.Mul64(uint64(n), uint64(percent))
	q, rest := bits.Div64(hi, lo, 100)
	if rest > 0 {
		q++
	}
	return int64(min(q, math.MaxInt64))
}

// defaultStatuses count where an offer does not say which: those that are paid,
// or may be.
var defaultStatuses = []string{"confirmed", "pending", "hold"}

// statusSet is a bit for each status that counts.
func statusSet(names []string) (set uint16, err error) {
	if len(names) == 0 {
		names = defaultStatuses
	}
	for i, name := range names {
		status, err := click.ParseStatus(name)
		if err != nil {
			return 0, fmt.Errorf("caps_status[%d]: %w", i, err)
		}
		set |= 1 << status
	}
	return set, nil
}
