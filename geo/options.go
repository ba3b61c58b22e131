package geo

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options name the files that a Service reads. They are part of the boot
// settings; paths are used as they are, see In.
type Options struct {
	// Databases are MaxMind DB files of any vendor, in order of preference:
	// where two of them know the same thing, the first one named wins. What a
	// file holds is found out by looking at its records.
	Databases []string `yaml:"databases"`
	// Lists are text files of addresses.
	Lists []List `yaml:"lists"`
	// Poll is the time between two looks at the files by Watch; 0 means
	// DefaultPoll.
	Poll time.Duration `yaml:"poll"`
}

// List is a text file of addresses that have something in common. A line holds
// one address, CIDR or range "a-b", and a comment after # or ;.
type List struct {
	File string `yaml:"file"`
	Kind Kind   `yaml:"kind"`
}

// Kind says what the addresses of a list are.
type Kind string

// The kinds of list.
const (
	KindDatacenter  Kind = "datacenter"  // hosting providers
	KindVPN         Kind = "vpn"         // VPN providers' exits
	KindTor         Kind = "tor"         // Tor exit nodes
	KindProxy       Kind = "proxy"       // open and commercial proxies
	KindResidential Kind = "residential" // proxies on private lines
	KindOperator    Kind = "operator"    // the operator's own list
	KindCrawler     Kind = "crawler"     // search engines and other known programs
	// KindAllow holds addresses that are never suspicious: it wins over every
	// other list and over every database.
	KindAllow Kind = "allow"
)

// DefaultPoll is the time between two looks at the files when Options name none.
const DefaultPoll = 10 * time.Second

// Validate reports every mistake in the options, each with its path. It does
// not look at the files.
func (o Options) Validate() error {
	var errs []error
	for i, path := range o.Databases {
		if path == "" {
			errs = append(errs, fmt.Errorf("databases[%d]: empty path", i))
		}
	}
	for i, l := range o.Lists {
		if l.File == "" {
			errs = append(errs, fmt.Errorf("lists[%d].file: empty path", i))
		}
		if _, ok := kinds[l.Kind]; !ok {
			errs = append(errs, fmt.Errorf("lists[%d].kind: %q is not one of %s", i, l.Kind, kindNames()))
		}
	}
	if o.Poll < 0 {
		errs = append(errs, fmt.Errorf("poll: %s is below 0", o.Poll))
	}
	return errors.Join(errs...)
}

// In returns the options with every relative path taken from the folder dir.
func (o Options) In(dir string) Options {
	in := o
	in.Databases = make([]string, len(o.Databases))
	for i, path := range o.Databases {
		in.Databases[i] = below(dir, path)
	}
	in.Lists = make([]List, len(o.Lists))
	for i, l := range o.Lists {
		in.Lists[i] = List{File: below(dir, l.File), Kind: l.Kind}
	}
	return in
}

func below(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// kindNames lists the kinds for an error text.
func kindNames() string {
	var names []string
	for kind := range kinds {
		names = append(names, string(kind))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
