package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/clickgate/clickgate/internal/source"
)

// download is one source with its file.
type download struct {
	remote source.Remote
	file   string
	client *http.Client
	wake   chan struct{}

	updating sync.Mutex // one attempt at a time

	mu        sync.Mutex // guards what follows
	checkedAt time.Time
	err       error
}

// note is kept beside the file: which version it is, and when it was last the
// source's newest.
type note struct {
	validators
	// Sum is the SHA-256 of the file's content in hexadecimal. The other
	// values hold for this content only.
	Sum       string    `json:"sha256"`
	CheckedAt time.Time `json:"checked_at"`
}

// merge adds another use of the same source.
func (d *download) merge(r source.Remote) {
	first := d.remote
	d.remote.Every = min(first.Every, r.Every)
	d.remote.MaxBytes = min(first.MaxBytes, r.MaxBytes)
	d.remote.Check = func(data []byte) error {
		if err := first.Check(data); err != nil {
			return err
		}
		return r.Check(data)
	}
}

// update asks the source once and writes new content to the file. Content that
// does not pass the check is dropped, and the file stays.
func (d *download) update(ctx context.Context) (written bool, err error) {
	d.updating.Lock()
	defer d.updating.Unlock()
	written, err = d.try(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err = nil; err != nil {
		d.err = d.errorOf(err)
		return false, d.err
	}
	d.checkedAt = time.Now()
	return written, nil
}

func (d *download) try(ctx context.Context) (written bool, err error) {
	// What cannot be read or used, or was changed by somebody, is fetched anew.
	known, err := d.read()
	if err != nil {
		known = note{}
	}
	a, err := d.ask(ctx, known.validators)
	if err != nil {
		return false, err
	}
	fresh := note{validators: a.validators, Sum: known.Sum, CheckedAt: time.Now().UTC()}
	if !a.same {
		if err := d.remote.Check(a.data); err != nil {
			return false, fmt.Errorf("the content is refused: %w", err)
		}
		fresh.Sum = sum(a.data)
		if written = fresh.Sum != known.Sum; written {
			if err := d.write(d.file, a.data); err != nil {
				return false, err
			}
		}
	}
	encoded, err := json.Marshal(fresh)
	if err != nil {
		return false, err
	}
	return written, d.write(d.noteFile(), encoded)
}

// recall takes up what an earlier run left.
func (d *download) recall() {
	if n, err := d.read(); err == nil {
		d.checkedAt = n.CheckedAt
	}
}

// read returns the note of the file; an error if there is no file, if it is
// not the one that the note is about, or if it no longer passes the check.
func (d *download) read() (note, error) {
	data, err := os.ReadFile(d.file)
	if err != nil {
		return note{}, err
	}
	encoded, err := os.ReadFile(d.noteFile())
	if err != nil {
		return note{}, err
	}
	var n note
	if err := json.Unmarshal(encoded, &n); err != nil {
		return note{}, fmt.Errorf("read %q: %w", d.noteFile(), err)
	}
	if n.Sum != sum(data) {
		return note{}, fmt.Errorf("%q is not what was downloaded", d.file)
	}
	return n, d.remote.Check(data)
}

func (d *download) noteFile() string { return d.file + ".json" }

// write puts data in the place of a file at once.
func (d *download) write(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	next := file + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(next, file)
}

func (d *download) status() Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	return Status{URL: source.Redact(d.remote.URL), File: d.file, CheckedAt: d.checkedAt, Err: d.err}
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// fileName is the name of a URL's file: words by which an operator knows it,
// and a hash of the URL, which may hold a key.
func fileName(rawURL string) string {
	const longest = 40 // of each word
	hash := sum([]byte(rawURL))[:12]
	u, err := url.Parse(rawURL)
	if err != nil {
		return hash
	}
	name := word(strings.TrimSuffix(path.Base(u.Path), ".gz"), longest)
	return strings.Trim(word(u.Hostname(), longest)+"-"+hash+"-"+name, "-.")
}

// word makes s fit for a file name.
func word(s string, longest int) string {
	s = strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' {
			return r
		}
		return '-'
	}, s)
	return s[:min(len(s), longest)]
}
