package geo

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clickgate/clickgate/internal/click"
)

// replaceFile puts a new file in the place of an old one by renaming.
func replaceFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	tmp := writeFile(tb, filepath.Dir(path), "new.tmp", data)
	if err := os.Rename(tmp, path); err != nil {
		tb.Fatal(err)
	}
}

func countryOf(s *Service, addr string) string {
	var g click.Geo
	s.Lookup(netip.MustParseAddr(addr), &g)
	return g.Country
}

func proxyOf(s *Service, addr string) click.ProxyType {
	var g click.Geo
	s.Lookup(netip.MustParseAddr(addr), &g)
	return g.Proxy
}

const visitor = "203.0.113.7"

func countryDB(tb testing.TB, iso string) []byte {
	tb.Helper()
	return makeDB(tb, "Country", 4, map[string]fields{"203.0.113.0/24": country(iso)})
}

func TestReloadTakesOver(t *testing.T) {
	for _, c := range []struct {
		name    string
		replace func(t *testing.T, path string)
		want    string
	}{
		{"renamed over", func(t *testing.T, path string) { replaceFile(t, path, countryDB(t, "FR")) }, "FR"},
		{"written in place", func(t *testing.T, path string) {
			writeFile(t, filepath.Dir(path), filepath.Base(path), countryDB(t, "FR"))
		}, "FR"},
		{"renamed over, of the same size and time", func(t *testing.T, path string) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			replaceFile(t, path, countryDB(t, "FR"))
			if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, "FR"},
		{"untouched", func(*testing.T, string) {}, "DE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, t.TempDir(), "c.mmdb", countryDB(t, "DE"))
			old := time.Now().Add(-time.Hour)
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
			s := mustOpen(t, Options{Databases: []string{path}})
			c.replace(t, path)
			if err := s.Reload(); err != nil {
				t.Fatal(err)
			}
			if got := countryOf(s, visitor); got != c.want {
				t.Errorf("after the file was %s: country %q, want %q", c.name, got, c.want)
			}
		})
	}
}

func TestReloadKeepsWhatIsNotBroken(t *testing.T) {
	good := countryDB(t, "DE")
	unknown := makeDB(t, "Domain", 4, map[string]fields{"203.0.113.0/24": {"domain": text("example.com")}})
	for _, c := range []struct {
		name    string
		data    []byte
		wantErr string
	}{
		{"empty", nil, "invalid MaxMind DB file"},
		{"cut short", good[:len(good)-40], "c.mmdb"},
		{"another sort of file", []byte("<html>"), "invalid MaxMind DB file"},
		{"unknown shape", unknown, `database type "Domain" has none of the known shapes: City or Country`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, t.TempDir(), "c.mmdb", good)
			s := mustOpen(t, Options{Databases: []string{path}})
			loadedAt := s.Status()[0].LoadedAt
			replaceFile(t, path, c.data)
			for _, when := range []string{"first", "second"} {
				err := s.Reload()
				if err == nil || !strings.Contains(err.Error(), c.wantErr) || !strings.Contains(err.Error(), path) {
					t.Errorf("%s reload of a file that is %s: error %v, want one with %q and the path", when, c.name, err, c.wantErr)
				}
			}
			if got := countryOf(s, visitor); got != "DE" {
				t.Errorf("with a file that is %s: country %q, want the old DE", c.name, got)
			}
			st := s.Status()[0]
			if !st.Loaded || st.Err == nil || !st.LoadedAt.Equal(loadedAt) {
				t.Errorf("status %+v, want loaded at %s and an error", st, loadedAt)
			}
			replaceFile(t, path, countryDB(t, "FR"))
			if err := s.Reload(); err != nil {
				t.Errorf("reload after the repair: %v", err)
			}
			if got := countryOf(s, visitor); got != "FR" {
				t.Errorf("after the repair: country %q, want FR", got)
			}
		})
	}
}

func TestOpenAnswersFromTheGoodFiles(t *testing.T) {
	dir := t.TempDir()
	good := writeFile(t, dir, "good.mmdb", countryDB(t, "DE"))
	badList := writeFile(t, dir, "vpn.txt", []byte("nonsense\n"))
	missing := filepath.Join(dir, "missing.mmdb")
	s, err := Open(Options{
		Databases: []string{missing, dir, good},
		Lists:     []List{{File: badList, Kind: KindVPN}},
	})
	if s == nil {
		t.Fatalf("no service, error %v", err)
	}
	for _, want := range []string{missing, dir + `": d--------- is not a regular file`, `vpn.txt:1: "nonsense" is not an address`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to name %s", err, want)
		}
	}
	var g click.Geo
	s.Lookup(netip.MustParseAddr(visitor), &g)
	if g.Country != "DE" || g.ProxyKnown {
		t.Errorf("country %q, proxy known %v; want DE, and false since the only list is broken", g.Country, g.ProxyKnown)
	}
}

func TestReloadAfterAFileWasAway(t *testing.T) {
	path := writeFile(t, t.TempDir(), "c.mmdb", countryDB(t, "DE"))
	s := mustOpen(t, Options{Databases: []string{path}})
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err == nil {
		t.Error("reload of a missing file gives no error")
	}
	if got := countryOf(s, visitor); got != "DE" {
		t.Errorf("while the file is missing: country %q, want the old DE", got)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err != nil {
		t.Errorf("the same file came back, and still: %v", err)
	}
}

func TestWatch(t *testing.T) {
	path := writeFile(t, t.TempDir(), "vpn.txt", []byte("203.0.113.7\n"))
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, Options{Lists: []List{{File: path, Kind: KindVPN}}, Poll: time.Second})
		ctx, cancel := context.WithCancel(t.Context())
		changes := make(chan Change, 10)
		go s.Watch(ctx, func(c Change) { changes <- c })
		step := func(what string, polls int, wantProxy click.ProxyType, wantChanges int) {
			t.Helper()
			time.Sleep(time.Duration(polls) * time.Second)
			synctest.Wait()
			if got := proxyOf(s, visitor); got != wantProxy {
				t.Errorf("%s, %d polls later: proxy %q, want %q", what, polls, got, wantProxy)
			}
			if len(changes) != wantChanges {
				t.Fatalf("%s, %d polls later: %d changes reported, want %d", what, polls, len(changes), wantChanges)
			}
		}
		time.Sleep(time.Millisecond) // polls now fall between the steps
		step("untouched", 2, click.VPN, 0)
		replaceFile(t, path, []byte("192.0.2.1\n"))
		step("replaced, perhaps still being written", 1, click.VPN, 0)
		step("replaced and settled", 1, click.NoProxy, 1)
		replaceFile(t, path, []byte("203.0.113.7\nbad\n"))
		step("broken", 5, click.NoProxy, 2)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		step("removed", 5, click.NoProxy, 3)
		writeFile(t, filepath.Dir(path), "vpn.txt", []byte("203.0.113.7\n"))
		step("repaired", 2, click.VPN, 4)
		cancel()
		for i, wantErr := range []bool{false, true, true, false} {
			if c := <-changes; c.Path != path || (c.Err != nil) != wantErr {
				t.Errorf("change %d: %q, error %v; want %q, an error: %v", i, c.Path, c.Err, path, wantErr)
			}
		}
	})
}

func TestStatus(t *testing.T) {
	dir := t.TempDir()
	db := writeFile(t, dir, "c.mmdb", countryDB(t, "DE"))
	list := writeFile(t, dir, "tor.txt", []byte("192.0.2.0/24\n198.51.100.1-198.51.100.3\n"))
	before := time.Now()
	s := mustOpen(t, Options{Databases: []string{db}, Lists: []List{{File: list, Kind: KindTor}}})
	st := s.Status()
	if len(st) != 2 {
		t.Fatalf("%d files in the status, want 2", len(st))
	}
	if d := st[0]; d.Path != db || d.Kind != "place" || !d.Loaded || d.LoadedAt.Before(before) ||
		d.BuildTime.Unix() != 1_700_000_000 || d.Entries == 0 || d.Err != nil {
		t.Errorf("status of the database: %+v", d)
	}
	if l := st[1]; l.Path != list || l.Kind != "tor" || !l.Loaded || l.Entries != 3 || !l.BuildTime.IsZero() {
		t.Errorf("status of the list: %+v, want kind tor and 3 entries", l)
	}
}
