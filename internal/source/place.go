package source

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// How often a URL is asked for news.
const (
	DefaultEvery = 24 * time.Hour
	MinEvery     = time.Minute
)

// Place is where settings say that content is: in a file or behind a URL.
type Place struct {
	File string
	// URL is http or https.
	URL string
	// Every is the time between two looks at the URL, at least MinEvery; 0
	// means DefaultEvery.
	Every time.Duration
}

// PlaceOf reads a place written as one word: a URL if it has a scheme.
func PlaceOf(s string, every time.Duration) Place {
	if strings.Contains(s, "://") {
		return Place{URL: s, Every: every}
	}
	return Place{File: s}
}

// Mistakes lists every mistake in the place, each as field and reason.
func (p Place) Mistakes() []error {
	var errs []error
	if (p.File == "") == (p.URL == "") {
		errs = append(errs, errors.New("file: set a file or a url, one of them"))
	}
	if p.URL != "" {
		if err := checkURL(p.URL); err != nil {
			errs = append(errs, fmt.Errorf("url: %w", err))
		}
	}
	if p.Every != 0 && p.URL == "" {
		errs = append(errs, errors.New("every: set without a url; a changed file is noticed by itself"))
	}
	if err := CheckEvery(p.Every); err != nil {
		errs = append(errs, fmt.Errorf("every: %w", err))
	}
	return errs
}

// CheckEvery reports a time between two looks at a URL that is out of range.
func CheckEvery(every time.Duration) error {
	if every != 0 && every < MinEvery {
		return fmt.Errorf("%s is below %s", every, MinEvery)
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil {
		// The error of the package shows the URL, which may hold a password.
		return errors.New("is no URL")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("%q is not like http://host/path or https://host/path", Redact(s))
	}
	return nil
}

// In returns the place with a relative path taken from the folder dir.
func (p Place) In(dir string) Place {
	if p.File != "" && !filepath.IsAbs(p.File) {
		p.File = filepath.Join(dir, p.File)
	}
	return p
}

// Remote is content behind a URL.
type Remote struct {
	URL string
	// Every is the time between two looks; 0 means DefaultEvery.
	Every time.Duration
	// MaxBytes bounds the content, unpacked.
	MaxBytes int64
	// Check refuses content that is of no use. It keeps nothing of data.
	Check func(data []byte) error
}

// Local returns the path of the place's content. For a URL that is the file
// which fetch names.
func (p Place) Local(maxBytes int64, check func(data []byte) error, fetch func(Remote) (file string)) string {
	if p.URL == "" {
		return p.File
	}
	return fetch(Remote{URL: p.URL, Every: p.Every, MaxBytes: maxBytes, Check: check})
}

// Redact returns a URL without what may be secret: user, password and query.
func Redact(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "(no URL)"
	}
	u.User = nil
	if u.RawQuery != "" {
		u.RawQuery = "..."
	}
	return u.String()
}
