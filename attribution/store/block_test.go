package store

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// idOn is idOf of a node.
func idOn(node byte, at time.Time, n int) string {
	d, _ := parseID(idOf(at, n))
	d[7] = node
	return hex.EncodeToString(d[:])
}

// TestClicksAreFoundHoweverTheyCame: in blocks of several nodes, late, twice,
// across restarts, each click is found and has its own line.
func TestClicksAreFoundHoweverTheyCame(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		fs := vfs.NewMem()
		s := open(t, Options{FS: fs})
		var ids []string
		n := 0
		for range 60 {
			node := byte(r.IntN(3))
			kind := [...]events.Kind{events.Click, events.Click, events.Impression}[r.IntN(3)]
			at := today.Add(time.Duration(n) * time.Millisecond)
			if r.IntN(6) == 0 {
				at = at.Add(-time.Duration(r.IntN(100)) * time.Millisecond) // from a spool
			}
			var lines []string
			for range 1 + r.IntN(5) {
				n++
				id := idOn(node, at.Add(time.Duration(r.IntN(3))*time.Millisecond), n)
				if r.IntN(20) == 0 && len(ids) > 0 {
					id = ids[r.IntN(len(ids))] // sent again
				}
				ids = append(ids, id)
				lines = append(lines, clickRow(id, fmt.Sprintf(`"sub_id":"of %s"`, id)))
			}
			feed(t, s, kind, lines...)
			if r.IntN(15) == 0 {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				s = open(t, Options{FS: fs})
			}
		}
		for _, id := range ids {
			row, err := events.DecodeRow(events.Click, find(t, s, attribution.Query{ClickID: id}).Row)
			if err != nil || row.Text("tx_id") != id || row.Text("sub_id") != "of "+id {
				t.Fatalf("seed %d: click %s is found as %s, %v", seed, id, row.Line, err)
			}
		}
		if has(t, s, idOn(0, today, 9_999_999)) || has(t, s, idOn(9, today, 1)) {
			t.Errorf("seed %d: a click that never came is found", seed)
		}
	}
}

// TestBlocksExpireByNode: what is too old goes, whoever wrote it.
func TestBlocksExpireByNode(t *testing.T) {
	now := today
	s := open(t, Options{Now: func() time.Time { return now }})
	old, kept := today, today.Add(50*24*time.Hour)
	for node := range byte(3) {
		feed(t, s, events.Click, clickRow(idOn(node, old, 1)))
		feed(t, s, events.Click, clickRow(idOn(node, kept, 2)))
	}
	now = today.Add(101 * 24 * time.Hour)
	if err := s.Expire(); err != nil {
		t.Fatal(err)
	}
	for node := range byte(3) {
		if has(t, s, idOn(node, old, 1)) || !has(t, s, idOn(node, kept, 2)) {
			t.Errorf("node %d: old click %t, later click %t; want false and true", node, has(t, s, idOn(node, old, 1)), has(t, s, idOn(node, kept, 2)))
		}
	}
}
