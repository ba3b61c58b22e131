package edge

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/events"
)

// shelf is a click store that has read whatever a rig wrote.
type shelf struct {
	*store.Store
	r    *rig
	read int
	// most is the most conversions that an answer had.
	most int
}

func onShelf(t *testing.T, r *rig) *shelf {
	t.Helper()
	s, err := store.Open(store.Options{Dir: "clicks", FS: vfs.NewMem(), Now: r.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	f := &shelf{Store: s, r: r}
	r.Finder = f
	return f
}

func (f *shelf) Find(ctx context.Context, q attribution.Query) (attribution.Answer, error) {
	rows := f.r.rows()
	for ; f.read < len(rows); f.read++ {
		row := rows[f.read]
		block := store.Block{Kind: row.Kind, Sequence: uint64(f.read) + 1, LoggedMS: f.r.now.UnixMilli(), Data: append(row.Line, '\n')}
		if err := f.Apply([]store.Block{block}); err != nil {
			return attribution.Answer{}, err
		}
	}
	f.CaughtUp(f.r.now.UnixMilli())
	// However busy the machine is: what a late answer means is tested elsewhere.
	a, err := f.Store.Find(context.WithoutCancel(ctx), q)
	f.most = max(f.most, len(a.Conversions))
	return a, err
}

// forget drops all claims: they are kept for a day.
func (d *desk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.held)
}

// TestManyConversionsOfAClick: a subscription is judged by its rules however
// often it was paid, and by no more than a few of its payments.
func TestManyConversionsOfAClick(t *testing.T) {
	r, d := converting(t, paid(t,
		"default_filters:", "duplicate_external_tx_id_enabled: true\nduplicate_external_tx_id_cache_expiry_seconds: 31536000\ndefault_filters:",
		"name: Shoes,", "name: Shoes, allow_duplicate_conversions: true, unique_conversion_refs: true, conversion_hiatus_period: 60,"))
	f := onShelf(t, r)
	id := r.clicked(good)
	pay := func(n int) map[string]any {
		r.now = r.now.Add(2 * time.Minute)
		d.forget()
		return told(t, r.get(fmt.Sprintf("%s%s&external_transaction_id=o%d&conversion_ref=r%d", conv, id, n, n)))
	}
	lead := told(t, r.get(conv+id+"&event_id=9&status=2"))
	var third map[string]any
	for n := range 40 {
		a := pay(n)
		if n == 3 {
			third = a
		}
		if a["status"] != "approved" || a["duplicate"] == true {
			t.Fatalf("payment %d was answered %v", n, a)
		}
	}
	if f.most > 6 {
		t.Errorf("an answer had %d conversions", f.most)
	}
	for name, tt := range map[string]struct {
		query, want string
		first       map[string]any
	}{
		"an external id":  {"&external_transaction_id=o3&conversion_ref=x", "approved", third},
		"a reference":     {"&external_transaction_id=x&conversion_ref=r3", "approved", third},
		"the event again": {"&event_id=9", "pending", lead},
	} {
		r.now = r.now.Add(2 * time.Minute)
		a := told(t, r.get(conv+id+tt.query))
		if a["duplicate"] != true || a["transaction_id"] != tt.first["transaction_id"] || a["status"] != tt.want {
			t.Errorf("%s was answered %v, the first %v", name, a, tt.first)
		}
		d.forget()
	}
	pay(100)
	if a := told(t, r.get(conv+id+"&external_transaction_id=soon&conversion_ref=soon")); a["status"] != "pending" {
		t.Errorf("too soon after another, it was answered %v", a)
	}
	if n := len(r.ofKind(events.Conversion, events.Event)); n != 43 {
		t.Errorf("%d rows, want 43", n)
	}
}
