package target

import (
	"fmt"
	"net/netip"

	"github.com/clickgate/clickgate/config"
)

// AddressList is a set of addresses that an operator wrote down line by line
// . It is immutable and safe for concurrent use; nil holds nothing.
type AddressList struct{ ranges ranges }

// ParseAddressList compiles a list, which config.ParseAddresses reads line by
// line. An empty one is nil. It returns all mistakes, with paths that are
// empty, and then no list.
func ParseAddressList(text string) (*AddressList, config.Problems) {
	var list AddressList
	var problems config.Problems
	for n, line := range config.AddressLines(text) {
		r, err := config.ParseAddresses(line)
		if err != nil {
			problems = append(problems, config.Problem{Message: fmt.Sprintf("line %d: %v", n, err)})
			continue
		}
		list.ranges = append(list.ranges, addrRange{r.First, r.Last})
	}
	if len(problems) > 0 || len(list.ranges) == 0 {
		return nil, problems
	}
	list.ranges = list.ranges.sorted()
	return &list, nil
}

// Contains tells whether the list holds an address. An IPv4 address may be
// mapped into IPv6. It allocates nothing.
func (l *AddressList) Contains(a netip.Addr) bool {
	return l != nil && l.ranges.hold(a.Unmap())
}

// Len is the number of ranges; those that overlap are one.
func (l *AddressList) Len() int {
	if l == nil {
		return 0
	}
	return len(l.ranges)
}
