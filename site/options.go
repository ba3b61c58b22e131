package site

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// Options name the lists that a Service reads. They are part of the boot
// settings; paths are used as they are, see In, and URLs need Local.
type Options struct {
	Lists []List `yaml:"lists"`
	// Every is the time between two looks at a URL that has no time of its
	// own, at least a minute; 0 means 24 hours.
	Every time.Duration `yaml:"every"`
	// Poll is the time between two looks at the files by Watch; 0 means
	// source.DefaultPoll.
	Poll time.Duration `yaml:"poll"`
}

// List is a text file of domains, one a line, with comments after # or ;. It
// stands for each domain and everything below it.
type List struct {
	File string `yaml:"file"`
	URL  string `yaml:"url"`
	// Every is the time between two looks at the URL; 0 means Options.Every.
	Every time.Duration `yaml:"every"`
	// Category is what the sites are, by the name that filters use: fraud.
	Category string `yaml:"category"`
}

// maxListBytes is the size that a download may have.
const maxListBytes = 64 << 20

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
	for i, l := range o.Lists {
		for _, err := range l.place(0).Mistakes() {
			errs = append(errs, fmt.Errorf("lists[%d].%w", i, err))
		}
		if _, ok := click.CategoryNamed(l.Category); !ok {
			errs = append(errs, fmt.Errorf("lists[%d].category: %q is not one of %s", i, l.Category, strings.Join(click.Categories(), ", ")))
		}
	}
	if err := source.CheckEvery(o.Every); err != nil {
		errs = append(errs, fmt.Errorf("every: %w", err))
	}
	if o.Poll < 0 {
		errs = append(errs, fmt.Errorf("poll: %s is below 0", o.Poll))
	}
	return errors.Join(errs...)
}

// In returns the options with every relative path taken from the folder dir.
func (o Options) In(dir string) Options {
	in := o
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
	local.Lists = slices.Clone(o.Lists)
	for i, l := range o.Lists {
		local.Lists[i].File = l.place(o.Every).Local(maxListBytes, Check, fetch)
		local.Lists[i].URL, local.Lists[i].Every = "", 0
	}
	return local
}
