package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// desk finds clicks and records conversions in the events that a rig wrote.
type desk struct {
	r    *rig
	mu   sync.Mutex
	held map[string]string
	// silent answers nothing, as a store that is away; deaf records nothing, as
	// a log that is away; behind has not read what was logged.
	// lagging knows the click, but perhaps not what came after it.
	silent, deaf, behind, lagging bool
	broken                        bool // breaks whoever asks
}

// converting is a rig that takes conversions, too.
func converting(t testing.TB, documents ...string) (*rig, *desk) {
	t.Helper()
	r := newRig(t, documents...)
	d := &desk{r: r, held: map[string]string{}}
	r.Finder, r.Recorder = d, d
	return r, d
}

func (d *desk) Find(_ context.Context, q attribution.Query) (a attribution.Answer, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken {
		panic("a bug")
	}
	if d.silent {
		return a, attribution.ErrUnavailable
	}
	a.AppliedMS = d.r.now.UnixMilli()
	if d.behind {
		return a, nil
	}
	if d.lagging {
		a.AppliedMS -= (attribution.MostBehind + time.Minute).Milliseconds()
	}
	for _, row := range d.r.rows() {
		switch isClick := row.Kind == events.Click || row.Kind == events.Impression; {
		case isClick && (q.ClickID != "" && row.Text("tx_id") == q.ClickID || q.Match != nil && fits(row, q.Match)):
			a.Kind, a.Row, a.MatchedBy = row.Kind, row.Line, attribution.ByClickID
			if q.Match != nil {
				a.MatchedBy = attribution.ByUUID
			}
		case !isClick && row.Kind != events.Received && row.Text("click_tx_id") == q.ClickID:
			a.Conversions = withLatest(a.Conversions, prior(row))
		}
	}
	a.Holders = map[string]string{}
	for _, key := range q.Keys {
		if holder, ok := d.held[key]; ok {
			a.Holders[key] = strings.TrimSuffix(holder, ".")
		}
	}
	return a, nil
}

func fits(row events.Row, m *attribution.Match) bool {
	return m.UUID != "" && row.Text("uuid") == m.UUID || m.DeviceID != "" && row.Text("device_id") == m.DeviceID
}

func prior(row events.Row) attribution.Prior {
	var at time.Time
	for _, field := range []string{"request_time", "conversion_time"} {
		if t, err := time.Parse(time.RFC3339Nano, row.Text(field)); err == nil {
			at = t
		}
	}
	return attribution.Prior{
		TimeMS: at.UnixMilli(),
		TxID:   row.Text("tx_id"), EventID: row.Text("event_db_id"), Status: row.Text("status"), Hash: row.Text("hash"), Kind: row.Kind, Row: row.Line,
	}
}

// withLatest puts the latest version of a conversion in the place of the one
// before.
func withLatest(list []attribution.Prior, p attribution.Prior) []attribution.Prior {
	for i := range list {
		if list[i].TxID == p.TxID {
			list[i] = p
			return list
		}
	}
	return append(list, p)
}

func (d *desk) Record(_ context.Context, c *events.Claim) (recorded bool, holder string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.deaf {
		return false, "", context.DeadlineExceeded
	}
	mark := c.TxID + "." + c.Version
	for _, key := range c.Keys {
		holder, taken := d.held[key]
		if taken && holder != mark && (c.Expired == nil || !c.Expired(key, strings.TrimSuffix(holder, "."))) {
			return false, strings.TrimSuffix(holder, "."), nil
		}
		if taken && holder == mark {
			return true, "", nil
		}
	}
	for _, key := range c.Keys {
		d.held[key] = mark
	}
	row, err := events.DecodeRow(c.Kind, bytes.Clone(c.Line))
	if err != nil {
		return false, "", err
	}
	d.r.log.mu.Lock()
	defer d.r.log.mu.Unlock()
	d.r.log.rows = append(d.r.log.rows, row)
	return true, "", nil
}

// ofKind are the rows of a kind.
func (r *rig) ofKind(kinds ...events.Kind) (rows []events.Row) {
	for _, row := range r.rows() {
		for _, kind := range kinds {
			if row.Kind == kind {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// clicked makes a click and returns its id.
func (r *rig) clicked(url string, headers ...string) string {
	r.t.Helper()
	id := r.get(url, headers...).field("tx_id")
	if id == "" {
		r.t.Fatalf("%s left no click", url)
	}
	return id
}

// told is what an answer in JSON says.
func told(t testing.TB, a answer) map[string]any {
	t.Helper()
	var body struct {
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal([]byte(a.body), &body); err != nil {
		t.Fatalf("answered %d %q: %v", a.code, a.body, err)
	}
	return body.Data
}
