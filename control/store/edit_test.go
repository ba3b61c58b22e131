package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
)

// adding creates the advertiser with the next number.
func adding(name string) Edit {
	return func(s Snapshot) (Change, error) {
		n := s.Highest(config.KindAdvertiser) + 1
		return Change{Puts: []config.Document{advertiser(int(n), name)}, Author: name}, nil
	}
}

// Numbers are handed out without gaps or doubles, whoever asks at once.
func TestNumbersOfConcurrentEdits(t *testing.T) {
	n := startServer(t)
	nodes := []*Store{n.open(), n.open()}
	const edits = 20
	var wg sync.WaitGroup
	for i := range edits {
		wg.Go(func() {
			if _, err := nodes[i%2].Edit(t.Context(), config.Checks{}, adding(fmt.Sprint("edit ", i))); err != nil {
				t.Errorf("edit %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	snap := load(t, n.open())
	if snap.Set.Len() != edits || snap.Highest(config.KindAdvertiser) != edits {
		t.Errorf("%d edits made %d documents, the highest number is %d", edits, snap.Set.Len(), snap.Highest(config.KindAdvertiser))
	}
}

// The number of a deleted document is not handed out again.
func TestNumbersOutliveDocuments(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	commit(t, s, v, Change{Deletes: []config.Key{advertiser(3, "").Key()}})
	for name, node := range map[string]*Store{"the writer": s, "a new node": n.open()} {
		if got := load(t, node).Highest(config.KindAdvertiser); got != 3 {
			t.Errorf("%s says that the highest number was %d, want 3", name, got)
		}
	}
}

func TestEditValidates(t *testing.T) {
	s := startServer(t).open()
	v := commit(t, s, 0, Change{Puts: advertisers(1, "one")})
	var problems config.Problems
	_, err := s.Edit(t.Context(), config.Checks{}, func(Snapshot) (Change, error) {
		return Change{Puts: []config.Document{advertiser(2, "")}}, nil
	})
	if !errors.As(err, &problems) {
		t.Errorf("an edit that makes an advertiser without a name: %v, want problems", err)
	}
	mine := errors.New("mine")
	if _, err := s.Edit(t.Context(), config.Checks{}, func(Snapshot) (Change, error) { return Change{}, mine }); !errors.Is(err, mine) {
		t.Errorf("an edit that fails: %v, want its own error", err)
	}
	if snap := load(t, s); snap.Version != v {
		t.Errorf("after edits that failed version %d is live, want %d", snap.Version, v)
	}
}

// Facts tell who made and changed a document, on every node.
func TestFacts(t *testing.T) {
	n := startServer(t)
	s := n.open()
	commit(t, s, 0, Change{Puts: advertisers(2, "one"), Author: "ann"})
	first, _ := load(t, s).Entry(advertiser(1, "").Key())
	commit(t, s, 1, Change{Puts: []config.Document{advertiser(1, "two")}, Author: "bob"})
	key := advertiser(1, "").Key()
	wrote, _ := load(t, s).Entry(key)
	read, _ := load(t, n.open()).Entry(key)
	if wrote.Revision != read.Revision || wrote.UpdatedBy != read.UpdatedBy || !wrote.CreatedAt.Equal(read.CreatedAt) || !wrote.UpdatedAt.Equal(read.UpdatedAt) {
		t.Errorf("the writer knows %+v, another node %+v", wrote, read)
	}
	if wrote.UpdatedBy != "bob" || first.UpdatedBy != "ann" || !wrote.CreatedAt.Equal(first.CreatedAt) || wrote.Revision <= first.Revision {
		t.Errorf("first %+v, then %+v", first, wrote)
	}
	if other, _ := load(t, s).Entry(advertiser(2, "").Key()); other.UpdatedBy != "ann" {
		t.Errorf("what was not changed is by %q, want ann", other.UpdatedBy)
	}
	if age := time.Since(first.CreatedAt); age < 0 || age > time.Hour {
		t.Errorf("created %s ago", age)
	}
}

// A receipt is there once the change is, and lets it be made once.
func TestReceipts(t *testing.T) {
	n := startServer(t)
	s, other := n.open(), n.open()
	create := func(name string) Edit {
		return func(snap Snapshot) (Change, error) {
			c, _ := adding(name)(snap)
			c.Receipt = &Receipt{Key: "once", Value: []byte(name), TTL: time.Hour}
			return c, nil
		}
	}
	if _, err := s.Edit(t.Context(), config.Checks{}, create("first")); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Edit(t.Context(), config.Checks{}, create("second")); !errors.Is(err, ErrReceiptExists) {
		t.Errorf("the second edit with a receipt: %v, want ErrReceiptExists", err)
	}
	value, found, err := other.Receipt(t.Context(), "once")
	if string(value) != "first" || !found || err != nil {
		t.Errorf("the receipt is %q, %v, %v", value, found, err)
	}
	if _, found, _ := other.Receipt(t.Context(), "never"); found {
		t.Error("a receipt that was never written is found")
	}
	if snap := load(t, n.open()); snap.Version != 1 || snap.Set.Len() != 1 {
		t.Errorf("version %d with %d documents is live, want one change", snap.Version, snap.Set.Len())
	}
}

// A receipt that runs out leaves readers and writers undisturbed.
func TestReceiptsExpire(t *testing.T) {
	n := startServer(t)
	s := n.open()
	_, err := s.Edit(t.Context(), config.Checks{}, func(snap Snapshot) (Change, error) {
		c, _ := adding("one")(snap)
		c.Receipt = &Receipt{Key: "short", TTL: time.Second}
		return c, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the receipt to run out", func() bool {
		_, found, err := s.Receipt(t.Context(), "short")
		return err == nil && !found
	})
	commit(t, s, 1, Change{Puts: []config.Document{advertiser(5, "more")}})
	if snap := load(t, n.open()); snap.Version != 2 || snap.Set.Len() != 2 {
		t.Errorf("version %d with %d documents is live, want 2 of each", snap.Version, snap.Set.Len())
	}
}

func TestEditWithoutServer(t *testing.T) {
	n := startServer(t)
	s := n.open()
	load(t, s)
	n.Stop()
	eventually(t, "the end of the connection", func() bool { return !s.b.js.Conn().IsConnected() })
	if _, err := s.Edit(t.Context(), config.Checks{}, adding("lost")); !errors.Is(err, ErrUnavailable) {
		t.Errorf("an edit without a server: %v, want ErrUnavailable", err)
	}
	n.Start()
}

func TestPastVersions(t *testing.T) {
	s := startServer(t).open()
	v := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	digest := load(t, s).Digest
	v = commit(t, s, v, Change{Puts: []config.Document{advertiser(1, "two")}, Deletes: []config.Key{advertiser(2, "").Key()}})
	commit(t, s, v, Change{Puts: []config.Document{advertiser(9, "new")}})
	past, err := s.At(t.Context(), 1)
	if err != nil || past.Digest != digest || past.Version != 1 || nameOf(t, past.Set, 1) != "one" || past.Set.Len() != 3 {
		t.Errorf("version 1 is %+v, %v", past, err)
	}
	if _, err := s.At(t.Context(), 4); !errors.Is(err, ErrNoVersion) {
		t.Errorf("a version that never was: %v", err)
	}
	for i := range DefaultHistory {
		commit(t, s, uint64(3+i), Change{Puts: []config.Document{advertiser(1, fmt.Sprint("often ", i))}})
	}
	if _, err := s.At(t.Context(), 1); !errors.Is(err, ErrNoVersion) {
		t.Errorf("a version whose document changed too often: %v", err)
	}
}
