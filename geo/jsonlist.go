package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	"github.com/clickgate/clickgate/internal/source"
)

// jsonList is what search engines and clouds publish: prefixes with
// ipv4Prefix or ipv6Prefix (Google, Bing, Apple, DuckDuckGo, OpenAI, Common
// Crawl), or ip_prefix and a second list for IPv6 (AWS).
type jsonList struct {
	Prefixes     []jsonPrefix `json:"prefixes"`
	IPv6Prefixes []jsonPrefix `json:"ipv6_prefixes"`
}

type jsonPrefix struct {
	V4    string `json:"ipv4Prefix"`
	V6    string `json:"ipv6Prefix"`
	AWSv4 string `json:"ip_prefix"`
	AWSv6 string `json:"ipv6_prefix"`
}

// parseJSONList reads the prefixes of such a document. An entry without a
// prefix refuses it: the publisher may have changed its form.
func parseJSONList(data []byte) ([]netip.Prefix, error) {
	var list jsonList
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("JSON list: %w", err)
	}
	if len(list.Prefixes)+len(list.IPv6Prefixes) == 0 {
		return nil, errors.New(`JSON list: no "prefixes" with ipv4Prefix, ipv6Prefix or ip_prefix`)
	}
	prefixes := make([]netip.Prefix, 0, len(list.Prefixes)+len(list.IPv6Prefixes))
	var errs []error
	read := func(path string, entries []jsonPrefix) {
		for i, e := range entries {
			more, err := e.appendTo(prefixes)
			if err == nil {
				prefixes = more
			} else if len(errs) < source.BadLinesShown {
				errs = append(errs, fmt.Errorf("JSON list: %s[%d]: %w", path, i, err))
			}
		}
	}
	read("prefixes", list.Prefixes)
	read("ipv6_prefixes", list.IPv6Prefixes)
	return prefixes, errors.Join(errs...)
}

func (e jsonPrefix) appendTo(dst []netip.Prefix) ([]netip.Prefix, error) {
	found := false
	for _, s := range []string{e.V4, e.V6, e.AWSv4, e.AWSv6} {
		if s == "" {
			continue
		}
		more, err := parseLine(dst, s)
		if err != nil {
			return nil, err
		}
		dst, found = more, true
	}
	if !found {
		return nil, errors.New("has none of ipv4Prefix, ipv6Prefix, ip_prefix and ipv6_prefix")
	}
	return dst, nil
}
