package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
)

// versionsOn makes versions that each rename an advertiser, and the last one
// deletes one, and saves them one after the other.
func versionsOn(t *testing.T, path string, count int) []offer {
	t.Helper()
	var disk diskState
	m := newMirror(position{created: time.Unix(1, 0).UTC()})
	m.set = m.set.With(advertisers(3, "one"), nil)
	var all []offer
	for v := range uint64(count) {
		name := string(rune('a' + v))
		changed := []config.Key{advertiser(1, "").Key()}
		m.set = m.set.With([]config.Document{advertiser(1, name)}, nil)
		if v == uint64(count-1) {
			changed = append(changed, advertiser(3, "").Key())
			m.set = m.set.With(nil, changed[1:])
		}
		m.facts = m.facts.with(map[config.Key]fact{changed[0]: {revision: v + 10, created: 1, updated: int64(v), author: name}})
		m.at.seq = v + 10
		m.head = Head{Version: v + 1, Digest: m.set.Digest(), Revision: v + 10}
		o := newOffer(m, SourceStore, changed)
		if v == 0 {
			o.Changed = nil
		}
		if err := disk.save(path, o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

func TestJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "last-good.json")
	all := versionsOn(t, path, 4)
	whole, err := os.ReadFile(journalPath(path))
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(whole, []byte("\n")); lines != 3 {
		t.Fatalf("the journal has %d lines, want one for each version but the first", lines)
	}
	last := all[3]
	m, err := readLastGood(path)
	if err != nil || m.head.Version != 4 || m.set.Digest() != last.Digest || m.facts.get(advertiser(1, "").Key()) != last.facts.get(advertiser(1, "").Key()) {
		t.Fatalf("read %+v, %v, want version 4 as it was saved", m, err)
	}
	// Cut or spoilt anywhere, what comes before the damage counts.
	for n := range len(whole) {
		for name, data := range map[string][]byte{"cut": whole[:n], "spoilt": append(append(bytes.Clone(whole[:n]), whole[n]^1), whole[n+1:]...)} {
			if err := os.WriteFile(journalPath(path), data, 0o600); err != nil {
				t.Fatal(err)
			}
			want := 1 + uint64(bytes.Count(whole[:n], []byte("\n")))
			if name == "cut" && n > 0 && whole[n] == '\n' {
				want++ // only the line's end is missing
			}
			m, err := readLastGood(path)
			if err != nil || m.head.Version != want || m.set.Digest() != all[want-1].Digest {
				t.Fatalf("%s at byte %d: version %d, %v, want %d as it was saved", name, n, m.head.Version, err, want)
			}
		}
	}
}

// A crash between the new file and the removal of the old journal leaves a
// journal that belongs to another file.
func TestJournalOfAnotherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "last-good.json")
	all := versionsOn(t, path, 3)
	if _, err := saveLastGood(path, all[2]); err != nil {
		t.Fatal(err)
	}
	if m, err := readLastGood(path); err != nil || m.head.Version != 3 || m.set.Digest() != all[2].Digest {
		t.Errorf("version %d, %v, want 3", m.head.Version, err)
	}
}

// A journal that outgrew its share gives way to a new file.
func TestJournalIsCompacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "last-good.json")
	all := versionsOn(t, path, 2)
	disk := diskState{version: 1, bucket: all[0].at.created, size: 1, journal: smallJournal}
	if err := disk.save(path, all[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(journalPath(path)); !os.IsNotExist(err) || disk.journal != 0 {
		t.Errorf("the journal is still there (%v), %d bytes", err, disk.journal)
	}
	if m, err := readLastGood(path); err != nil || m.head.Version != 2 {
		t.Errorf("version %d, %v, want 2", m.head.Version, err)
	}
}

// A store that starts from a follower reads nothing twice and knows as much.
func TestStoreStartsFromFollower(t *testing.T) {
	n := startServer(t)
	writer := n.open()
	commit(t, writer, 0, Change{Puts: advertisers(3, "one"), Author: "ann"})
	e := startEdge(t, n.JetStream(), t.TempDir(), nil)
	e.live(1, SourceStore)
	defer e.end()
	s := n.open()
	s.StartFrom(e.Follower)
	snap := load(t, s)
	mine, _ := snap.Entry(advertiser(2, "").Key())
	want, _ := load(t, writer).Entry(advertiser(2, "").Key())
	if snap.Version != 1 || mine.Revision != want.Revision || mine.UpdatedBy != "ann" || !mine.CreatedAt.Equal(want.CreatedAt) {
		t.Errorf("the store knows %+v of version %d, want %+v", mine, snap.Version, want)
	}
	if doc, _ := e.updates()[0].Set.Get(advertiser(2, "").Key()); doc != mine.Document {
		t.Error("the store has read the documents again")
	}
	commit(t, s, 1, Change{Puts: []config.Document{advertiser(2, "two")}})
	e.live(2, SourceStore)
}
