package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestRefusedUpdate(t *testing.T) {
	n := startServer(t)
	s := n.open()
	dir := t.TempDir()
	broken := errors.New("does not compile")
	e := startEdge(t, n.JetStream(), dir, func(u Update) error {
		if nameOf(t, u.Set, 1) == "bad" {
			return broken
		}
		return nil
	})
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	e.live(v1, SourceStore)
	v2 := commit(t, s, v1, Change{Puts: []config.Document{advertiser(1, "bad"), advertiser(2, "two")}})
	if err := e.refusal(v2); !errors.Is(err, broken) {
		t.Errorf("refused for %v", err)
	}
	if st := e.Status(); st.Live.Version != v1 || !st.Connected {
		t.Errorf("after a refusal: %+v", st)
	}
	v3 := commit(t, s, v2, Change{Puts: []config.Document{advertiser(1, "good")}})
	if u := e.live(v3, SourceStore); len(u.Changed) != 2 {
		t.Errorf("changed %v, want a1 and a2: the refused version changed a2", u.Changed)
	}
	e.end()
	m, err := readLastGood(lastGoodPath(dir))
	if err != nil || m.head.Version != v3 {
		t.Errorf("on disk: %v, %v", m, err)
	}
}

// An edge that has nothing and is offered what it must refuse takes the disk.
func TestRefusedAtStart(t *testing.T) {
	n := startServer(t)
	s := n.open()
	dir := t.TempDir()
	v1 := commit(t, s, 0, Change{Puts: advertisers(1, "good")})
	first := startEdge(t, n.JetStream(), dir, nil)
	first.live(v1, SourceStore)
	first.end()
	v2 := commit(t, s, v1, Change{Puts: advertisers(1, "bad")})
	e := startEdge(t, n.JetStream(), dir, func(u Update) error {
		if nameOf(t, u.Set, 1) == "bad" {
			return errors.New("does not compile")
		}
		return nil
	})
	e.refusal(v2)
	e.live(v1, SourceDisk)
}

// publishVersion writes a version as a commit would, whatever it holds.
func publishVersion(t *testing.T, s *Store, head Head, writes ...write) uint64 {
	t.Helper()
	end, err := s.b.end(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = s.write(t.Context(), end.seq, writes, head); err != nil {
		t.Fatal(err)
	}
	return head.Version
}

func TestStoredNonsense(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(2, "one")})
	digest := load(t, s).Digest
	e := startEdge(t, n.JetStream(), t.TempDir(), nil)
	e.live(v1, SourceStore)

	v2 := publishVersion(t, s, Head{Version: v1 + 1, ID: "x", Digest: digest},
		write{key: "advertiser.a1", value: []byte(`{"id":"a1","unheard_of":1}`)})
	if err := e.refusal(v2); !strings.Contains(err.Error(), "advertiser/a1") || !strings.Contains(err.Error(), "unheard_of") {
		t.Errorf("the refusal %q does not say which document and what", err)
	}
	if _, err := s.Load(t.Context()); err == nil {
		t.Error("the store loads a document that it cannot read")
	}
	v3 := publishVersion(t, s, Head{Version: v2 + 1, ID: "y", Digest: digest},
		write{key: "unknown_kind.a1", value: []byte(`{"id":"a1"}`)})
	e.refusal(v3)

	one, _ := config.Encode(advertiser(1, "one"))
	v4 := publishVersion(t, s, Head{Version: v3 + 1, ID: "z", Digest: digest},
		write{key: "advertiser.a1", value: one}, write{key: "advertiser.a2", value: one},
		write{key: "unknown_kind.a1", deleted: true})
	if err := e.refusal(v4); !strings.Contains(err.Error(), "advertiser/a2, entry") || !strings.Contains(err.Error(), "holds advertiser/a1") {
		t.Errorf("a document under another's key: %v", err)
	}
	two, _ := config.Encode(advertiser(2, "one"))
	v5 := publishVersion(t, s, Head{Version: v4 + 1, ID: "u", Digest: digest}, write{key: "advertiser.a2", value: two})
	e.live(v5, SourceStore)
	if got := load(t, s).Version; got != v5 {
		t.Errorf("the store is at version %d", got)
	}
}

func TestWrongDigest(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(2, "one")})
	digest := load(t, s).Digest
	e := startEdge(t, n.JetStream(), t.TempDir(), nil)
	e.live(v1, SourceStore)
	v2 := publishVersion(t, s, Head{Version: v1 + 1, ID: "x", Digest: "wrong"})
	if err := e.refusal(v2); !errors.Is(err, errDigest) {
		t.Errorf("refused for %v", err)
	}
	if _, err := s.Load(t.Context()); !errors.Is(err, errDigest) {
		t.Errorf("the store loads it: %v", err)
	}
	v3 := publishVersion(t, s, Head{Version: v2 + 1, ID: "y", Digest: digest})
	e.live(v3, SourceStore)
}

// A mirror that went wrong is replaced by what the bucket holds.
func TestMirrorHeals(t *testing.T) {
	n := startServer(t)
	s := n.open()
	v1 := commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	other := n.open()
	load(t, other)
	other.m.set = other.m.set.With(nil, []config.Key{advertiser(3, "").Key()})
	v2 := commit(t, s, v1, Change{Puts: []config.Document{advertiser(1, "two")}})
	if snap := load(t, other); snap.Version != v2 || snap.Set.Len() != 3 {
		t.Errorf("version %d with %d documents", snap.Version, snap.Set.Len())
	}
}
