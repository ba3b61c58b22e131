package geo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// Options name the files that a Service reads. They are part of the boot
// settings; paths are used as they are, see In, and URLs need Local.
type Options struct {
	// Databases are MaxMind DB files of any vendor, in order of preference:
	// where two of them know the same thing, the first one named wins. What a
	// file holds is found out by looking at its records. An entry with a
	// scheme is a URL: of the database, packed (.gz) or in an archive (.tar.gz)
	// or not.
	Databases []string `yaml:"databases"`
	// Lists are text files of addresses.
	Lists []List `yaml:"lists"`
	// Every is the time between two looks at a URL that has no time of its
	// own, at least a minute; 0 means 24 hours.
	Every time.Duration `yaml:"every"`
	// Poll is the time between two looks at the files by Watch; 0 means
	// source.DefaultPoll.
	Poll time.Duration `yaml:"poll"`
	// MinConfidence is how sure a database must be, in percent, that a network
	// is used by a VPN or residential proxy: 0 to 99. It leaves alone what comes
	// without a confidence.
	MinConfidence int `yaml:"min_confidence"`
}

// List is a list of addresses or of autonomous systems that have something in
// common, in a file or behind a URL: text or JSON, see parseList.
type List struct {
	File string `yaml:"file"`
	URL  string `yaml:"url"`
	// Every is the time between two looks at the URL; 0 means Options.Every.
	Every time.Duration `yaml:"every"`
	Kind  Kind          `yaml:"kind"`
	// Name is whose crawlers a list of the kind crawler holds, such as google;
	// empty leaves it open. Only a visitor from these addresses is believed
	// who says that he is this crawler.
	Name string `yaml:"name"`
	// ASN tells that the list holds AS numbers. Where it is false they are
	// recognised by the first entry: AS64500, or a number.
	ASN bool `yaml:"asn"`
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

// Sizes that a download may have.
const (
	maxDatabaseBytes = 1 << 30
	maxListBytes     = 64 << 20
)

// place says where the list is.
func (l List) place(every time.Duration) source.Place {
	p := source.Place{File: l.File, URL: l.URL, Every: l.Every}
	if p.URL != "" && p.Every == 0 {
		p.Every = every
	}
	return p
}

// Validate reports every mistake in the options, each with its path. It does
// not look at the files.
func (o Options) Validate() error {
	var errs []error
	mistake := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for i, name := range o.Databases {
		if name == "" {
			mistake("databases[%d]: empty path", i)
			continue
		}
		for _, err := range source.PlaceOf(name, 0).Mistakes() {
			mistake("databases[%d]: %w", i, err)
		}
	}
	for i, l := range o.Lists {
		for _, err := range l.mistakes() {
			mistake("lists[%d].%w", i, err)
		}
	}
	if err := source.CheckEvery(o.Every); err != nil {
		mistake("every: %w", err)
	}
	if o.Poll < 0 {
		mistake("poll: %s is below 0", o.Poll)
	}
	if o.MinConfidence < 0 || o.MinConfidence > 99 {
		mistake("min_confidence: %d is not between 0 and 99", o.MinConfidence)
	}
	return errors.Join(errs...)
}

func (l List) mistakes() []error {
	errs := l.place(0).Mistakes()
	if _, ok := kinds[l.Kind]; !ok {
		errs = append(errs, fmt.Errorf("kind: %q is not one of %s", l.Kind, kindNames()))
	}
	if l.Name == "" {
		return errs
	}
	if l.Kind != KindCrawler {
		errs = append(errs, fmt.Errorf("name: set for a list of kind %q; only a list of kind %q has a name", l.Kind, KindCrawler))
	}
	if _, ok := click.CrawlerNamed(l.Name); !ok {
		errs = append(errs, fmt.Errorf("name: %q is not one of %s", l.Name, crawlerNames()))
	}
	return errs
}

// In returns the options with every relative path taken from the folder dir.
func (o Options) In(dir string) Options {
	in := o
	in.Databases = slices.Clone(o.Databases)
	for i, name := range o.Databases {
		if p := source.PlaceOf(name, 0); p.URL == "" {
			in.Databases[i] = p.In(dir).File
		}
	}
	in.Lists = slices.Clone(o.Lists)
	for i, l := range o.Lists {
		in.Lists[i].File = l.place(0).In(dir).File
	}
	return in
}

// Local returns the options with files in the place of URLs: those that fetch
// names, and keeps in step with the URLs.
func (o Options) Local(fetch func(source.Remote) (file string)) Options {
	local := o
	local.Databases = slices.Clone(o.Databases)
	for i, name := range o.Databases {
		local.Databases[i] = source.PlaceOf(name, o.Every).Local(maxDatabaseBytes, CheckDatabase, fetch)
	}
	local.Lists = slices.Clone(o.Lists)
	for i, l := range o.Lists {
		file := l.place(o.Every).Local(maxListBytes, l.Check, fetch)
		local.Lists[i].File, local.Lists[i].URL, local.Lists[i].Every = file, "", 0
	}
	return local
}

// remote returns the first URL of the options, or nothing.
func (o Options) remote() string {
	for _, name := range o.Databases {
		if p := source.PlaceOf(name, 0); p.URL != "" {
			return p.URL
		}
	}
	for _, l := range o.Lists {
		if l.URL != "" {
			return l.URL
		}
	}
	return ""
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

func crawlerNames() string {
	var names []string
	for c := click.NoCrawler + 1; c < click.CrawlerCount; c++ {
		names = append(names, c.String())
	}
	return strings.Join(names, ", ")
}
