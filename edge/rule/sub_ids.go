package rule

import (
	"fmt"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// subID is a list of sub ids that are taken, or that are not. Sub ids
// are compared exactly.
type subID struct {
	index  int // in click.Click.SubID
	list   []string
	set    map[string]struct{}
	except bool
}

func (c *compiler) subIDs(owner string, s *config.SubAccounts) {
	c.addSubIDs(owner+"sub_account_1", 0, s.SubAccount1, s.SubAccount1Except)
	c.addSubIDs(owner+"sub_account_2", 1, s.SubAccount2, s.SubAccount2Except)
}

func (c *compiler) addSubIDs(path string, index int, text string, except bool) {
	if list := config.SplitSubAccounts(text); len(list) > 0 {
		c.add(click.SubAccountNotAllowed, path, &subID{index, list, setOf(list), except})
	}
}

func (s *subID) fits(c *click.Click) bool {
	_, listed := s.set[c.SubID[s.index]]
	return listed != s.except
}

func (s *subID) value(c *click.Click) string { return c.SubID[s.index] }
func (s *subID) wants() string               { return wantsList(s.list, s.except) }

// subPairs are pairs of sub ids that are refused.
type subPairs map[config.SubPair]struct{}

func (c *compiler) pairs(list []config.SubPair) {
	if len(list) > 0 {
		c.add(click.SubRestricted, "sub_restrictions", subPairs(setOf(list)))
	}
}

func (s subPairs) fits(c *click.Click) bool {
	_, restricted := s[config.SubPair{Sub1: c.SubID[0], Sub2: c.SubID[1]}]
	return !restricted
}

func (s subPairs) value(c *click.Click) string {
	n := len(c.Scratch)
	c.Scratch = append(append(append(c.Scratch, c.SubID[0]...), ", "...), c.SubID[1]...)
	return viewOf(c.Scratch[n:])
}

func (s subPairs) wants() string {
	return fmt.Sprintf("none of %d pairs", len(s))
}
