package rule

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// Compile prepares the rules of an offer for judging; a is its advertiser and
// may be nil. Unique addresses are remembered in memory, which is not touched
// here and may be a zero one to check documents. It returns all mistakes, with
// paths relative to the offer, and then no rules. An offer without rules, as
// most are, compiles to nil. The rules keep the documents.
func Compile(o *config.Offer, a *config.Advertiser, memory *state.Memory) (*Offer, config.Problems) {
	c := compiler{offer: new(Offer)}
	c.publishers(o, a)
	c.times(&o.OfferRules)
	c.subIDs("", &o.SubAccounts)
	if a != nil {
		c.subIDs("advertiser.", &a.SubAccounts)
	}
	c.pairs(o.SubRestrictions)
	c.strict(&o.OfferRules)
	c.addresses(o, memory)
	switch {
	case len(c.problems) > 0:
		return nil, c.problems
	case len(c.offer.rules) == 0 && c.offer.unique == nil:
		return nil, nil
	}
	return c.offer, nil
}

// CompileSenders returns the addresses that postbacks for an offer are taken
// from: the offer's own list, or else that of its advertiser, which may
// be nil. Without any list it is nil, and postbacks come from anywhere.
func CompileSenders(o *config.Offer, a *config.Advertiser) (*target.AddressList, config.Problems) {
	var c compiler
	list := c.addressList("allowed_ip", o.AllowedIP)
	if list == nil && a != nil {
		list = c.addressList("advertiser.allowed_ip", a.AllowedIP)
	}
	return list, c.problems
}

// compiler gathers the rules of an offer and the problems of all its fields.
type compiler struct {
	offer    *Offer
	problems config.Problems
}

func (c *compiler) problem(path string, err error) {
	if err != nil {
		c.problems = append(c.problems, config.Problem{Path: path, Message: err.Error()})
	}
}

func (c *compiler) add(reason click.Reason, path string, s subject) {
	c.offer.rules = append(c.offer.rules, rule{reason, path, s})
}

func (c *compiler) addressList(path, text string) *target.AddressList {
	list, problems := target.ParseAddressList(text)
	for _, p := range problems {
		p.Path = path
		c.problems = append(c.problems, p)
	}
	return list
}

func setOf[T comparable](list []T) map[T]struct{} {
	set := make(map[T]struct{}, len(list))
	for _, v := range list {
		set[v] = struct{}{}
	}
	return set
}
