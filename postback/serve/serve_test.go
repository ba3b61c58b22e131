package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/outgoing"
	"github.com/clickgate/clickgate/postback/worker"
)

// Where no event fires a document, it is shown with one that nobody takes for
// true.
func TestMadeUpEvents(t *testing.T) {
	b := setUp(t)
	b.documents(
		&config.Integration{Meta: config.Meta{ID: "int1"}, AccountAPIURL: b.server.URL + "/sync?k={account_key}&s={status}", AccountKey: "s3cret", ConversionThirdPartySyncEnabled: true},
		b.manager("plain", "/p?c={click_id}&sum={payout}&cur={currency}", nil),
		b.manager("narrow", "/p?e={event_id}&r={rejection_reason}&o={offer_name}&p={publisher_id}", func(d *config.PostbackManager) {
			d.ServiceType = "event"
			d.Filters = config.PostbackFilters{OfferID: "7", PublisherID: "pub1", EventID: "ev1", FilterStatus: "Rejected", RejectionReasons: []string{"BOT"}}
		}),
		b.manager("draft", "/p?s={status}", func(d *config.PostbackManager) { d.Active, d.Filters.Statuses = false, []string{"Hold"} }),
		b.manager("never", "/p", func(d *config.PostbackManager) { d.Filters.EventID = "no such event" }),
		&config.PublisherPostback{Meta: config.Meta{ID: "pp"}, PublisherIncrementalID: 12, URL: b.server.URL + "/pp?g={goal}&s={status}", Goal: "signup", Status: "pending", Active: true},
		&config.PublisherPostback{Meta: config.Meta{ID: "first"}, PublisherIncrementalID: 12, OfferIncrementalID: 8, URL: b.server.URL + "/pp?g={goal}&o={offer_id}", Goal: "0", Active: true},
	)
	for _, tt := range []struct {
		name, source  string
		kind, path    string
		fires, active bool
	}{
		{"plain", "", "conversion", "/p?c=" + noTxID + "&sum=1.23&cur=XTS", true, true},
		{"postback_manager/narrow", "", "event", "/p?e=5&r=BOT&o=Shoes&p=12", true, true},
		{"draft", "", "conversion", "/p?s=hold", false, false},
		{"never", "", "conversion", "/p", false, true},
		{"pp", "", "event", "/pp?g=signup&s=pending", true, true},
		{"first", "", "conversion", "/pp?g=&o=8", true, true},
		{"int1", "", "conversion", "/sync?k=***&s=rejected", true, true},
		{"off1", "", "impression", "/seen?o=7", false, false},
		{"offer/off1", "parallel_tracking", "click", "/click?c=" + noTxID, false, false},
	} {
		t.Run(tt.name+tt.source, func(t *testing.T) {
			r := b.test(outgoing.Test{Document: tt.name, Source: tt.source})
			if !r.Event.MadeUp || r.Event.TxID != noTxID || r.Event.Kind != tt.kind || r.Fires != tt.fires || r.Result != nil {
				t.Errorf("%+v", r)
			}
			if want := b.server.URL + tt.path; r.Request.URL != want || r.Request.Method != "GET" {
				t.Errorf("calls %s %s, want %s", r.Request.Method, r.Request.URL, want)
			}
		})
	}
	if got := b.received(); len(got) != 0 {
		t.Errorf("a look at requests sent %q", got)
	}
}

// The latest event that fires a document is shown, also where it is switched
// off; another may be chosen, but none of others.
func TestEventsOfTheLog(t *testing.T) {
	b := setUp(t)
	b.documents(
		b.manager("m", "/p?t={tx_id}", func(d *config.PostbackManager) { d.Active, d.Filters.FilterStatus = false, "Approved" }),
		&config.PublisherPostback{Meta: config.Meta{ID: "pp"}, PublisherIncrementalID: 12, URL: b.server.URL + "/pp?t={tx_id}", Active: true},
	)
	id := func(n int) string { return fmt.Sprintf("%032x", n) }
	b.log.rows = []events.Row{
		b.row(events.Conversion, id(1), nil),
		b.row(events.Conversion, id(2), nil),
		b.row(events.Conversion, id(3), fields{"status": "Rejected"}),
		b.row(events.Conversion, id(4), fields{"publisher_db_id": "pub2"}),
		b.row(events.Conversion, id(5), fields{"integration_id": "int2", "publisher_db_id": "pub2"}),
		b.row(events.Click, id(6), nil),
	}
	for _, tt := range []struct {
		document, event, want string
		fires                 bool
	}{
		{"m", "", id(4), false}, // switched off
		{"pp", "", id(3), true},
		{"m", id(1), id(1), false},
		{"pp", id(1), id(1), true},
		{"pp", id(6), id(6), false}, // a click
		{"m", id(5), "", false},
		{"pp", id(4), "", false},
		{"m", id(9), "", false},
	} {
		a := b.Answer(t.Context(), outgoing.Question{Task: outgoing.TaskTest, Test: outgoing.Test{Document: tt.document, Event: tt.event}})
		if tt.want == "" {
			if err := a.Err(); !errors.Is(err, outgoing.ErrNoEvent) || a.Report != nil {
				t.Errorf("%s for event %s: %+v", tt.document, tt.event, a)
			}
			continue
		}
		if r := a.Report; a.Err() != nil || r.Event.TxID != tt.want || r.Event.MadeUp || r.Fires != tt.fires || !strings.HasSuffix(r.Request.URL, "t="+tt.want) {
			t.Errorf("%s for event %q: %+v %+v", tt.document, tt.event, a, r)
		}
	}
}

// A test is sent once, whether the event fires the document or not.
func TestSending(t *testing.T) {
	b := setUp(t)
	b.documents(b.manager("m", "/p", func(d *config.PostbackManager) {
		d.Method, d.Body, d.Active, d.Headers = "POST", `{"sum":"{payout}"}`, false, map[string][]string{"X-Token": {"s3cret"}}
	}))
	b.log.rows = []events.Row{b.row(events.Conversion, strings.Repeat("a", 32), nil)}
	r := b.test(outgoing.Test{Document: "m", Send: true})
	if r.Result == nil || r.Result.Outcome != "sent" || r.Result.Status != http.StatusOK || r.Result.Body != "thanks" || r.Result.At.IsZero() || r.Fires {
		t.Errorf("%+v %+v", r, r.Result)
	}
	if r.Request.Body != `{"sum":"1.5"}` || r.Request.Header["X-Token"][0] != "***" || r.Request.Header["Content-Type"][0] != "application/json" {
		t.Errorf("%+v", r.Request)
	}
	if got := b.received(); len(got) != 1 || got[0] != `POST /p {"sum":"1.5"}` {
		t.Errorf("the server got %q", got)
	}
	b.ill.Store(true)
	if r := b.test(outgoing.Test{Document: "m", Send: true}); r.Result.Outcome != "dead" || r.Result.Status != http.StatusInternalServerError {
		t.Errorf("%+v", r.Result)
	}
	b.server.Close()
	if r := b.test(outgoing.Test{Document: "m", Send: true}); r.Result.Outcome != "dead" || r.Result.Status != 0 || r.Result.Error == "" {
		t.Errorf("%+v", r.Result)
	}
	if s := b.worker.Stats(); s.Jobs != 0 || s.Dead != 0 {
		t.Errorf("a test is in the queue: %+v", s)
	}
}

func TestMistakes(t *testing.T) {
	b := setUp(t)
	task := func(test outgoing.Test) outgoing.Question {
		return outgoing.Question{Task: outgoing.TaskTest, Test: test}
	}
	if err := b.Answer(t.Context(), task(outgoing.Test{Document: "m"})).Err(); !errors.Is(err, outgoing.ErrNoWorker) {
		t.Errorf("without a config: %v", err)
	}
	b.documents(
		&config.Integration{Meta: config.Meta{ID: "int1"}},
		&config.Integration{Meta: config.Meta{ID: "twice"}, AccountAPIURL: b.server.URL},
		b.manager("twice", "/p", nil), b.manager("broken", "/p?{no_such_macro}", nil),
	)
	for document, source := range map[string]string{"integration/twice": "third_party_sync", "postback_manager/twice": "postback_manager"} {
		if r := b.test(outgoing.Test{Document: document}); r.Document != document || r.Source != source {
			t.Errorf("%s is %s of %s", document, r.Source, r.Document)
		}
	}
	id := strings.Repeat("a", 32)
	b.log.rows = []events.Row{b.row(events.Conversion, id, nil)}
	for name, tt := range map[string]struct {
		q    outgoing.Question
		want error
		says string
	}{
		"no task":           {outgoing.Question{Task: "dance"}, outgoing.ErrUnfit, "dance"},
		"no document":       {task(outgoing.Test{}), outgoing.ErrUnfit, "document: missing"},
		"unknown document":  {task(outgoing.Test{Document: "nobody"}), outgoing.ErrNoDocument, "nobody"},
		"other kind":        {task(outgoing.Test{Document: "publisher/pub1"}), outgoing.ErrNoDocument, "publisher/pub1"},
		"ambiguous":         {task(outgoing.Test{Document: "twice"}), outgoing.ErrUnfit, "integration/twice"},
		"bad event":         {task(outgoing.Test{Document: "broken", Event: "x"}), outgoing.ErrUnfit, "tx_id"},
		"bad source":        {task(outgoing.Test{Document: "off1", Source: "postback_manager"}), outgoing.ErrUnfit, "source"},
		"broken":            {task(outgoing.Test{Document: "broken"}), outgoing.ErrUnfit, "no_such_macro"},
		"no API":            {task(outgoing.Test{Document: "int1"}), outgoing.ErrUnfit, "account_api_url"},
		"no URL":            {task(outgoing.Test{Document: "off2"}), outgoing.ErrUnfit, "no URL"},
		"event of its kind": {task(outgoing.Test{Document: "off1", Event: id}), outgoing.ErrUnfit, "conversion"},
		"no limit":          {outgoing.Question{Task: outgoing.TaskList}, outgoing.ErrUnfit, "limit"},
		"large limit":       {outgoing.Question{Task: outgoing.TaskList, Limit: outgoing.MaxLetters + 1}, outgoing.ErrUnfit, "limit"},
		"unknown letter":    {outgoing.Question{Task: outgoing.TaskShow, Letter: strings.Repeat("0", 48)}, outgoing.ErrNoLetter, ""},
		"fire no letter":    {outgoing.Question{Task: outgoing.TaskFire, Letter: "x"}, outgoing.ErrNoLetter, ""},
		"discard no letter": {outgoing.Question{Task: outgoing.TaskDiscard, Letter: strings.Repeat("0", 48)}, outgoing.ErrNoLetter, ""},
	} {
		a := b.Answer(t.Context(), tt.q)
		if err := a.Err(); !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || a.Node != "w1" {
			t.Errorf("%s: %+v, %v, want %v with %q", name, a, err, tt.want, tt.says)
		}
	}
}

// TestDeadLetters: they are listed, shown, fired again and discarded.
func TestDeadLetters(t *testing.T) {
	b := setUp(t)
	b.documents(b.manager("m", "/p?t={tx_id}", func(d *config.PostbackManager) { d.Method, d.Body = "POST", "sum={payout}" }))
	b.ill.Store(true)
	b.run()
	const many = 2*outgoing.MaxLetters + 3
	var lines bytes.Buffer
	for i := range many {
		lines.Write(append(b.row(events.Conversion, fmt.Sprintf("%032x", i), nil).Line, '\n'))
	}
	if err := b.worker.Apply(worker.Block{Kind: events.Conversion, Lines: lines.Bytes(), Sequence: 1}); err != nil {
		t.Fatal(err)
	}
	b.await(many)

	seen := map[string]outgoing.DeadLetter{}
	for before := ""; ; {
		letters := b.ask(outgoing.Question{Task: outgoing.TaskList, Before: before, Limit: 70}).Letters
		if len(letters) == 0 {
			break
		}
		for _, l := range letters {
			if before != "" && l.ID >= before {
				t.Fatalf("%s comes after %s", l.ID, before)
			}
			before, seen[l.TxID] = l.ID, l
		}
	}
	one := seen[fmt.Sprintf("%032x", 7)]
	if len(seen) != many || !outgoing.IsLetterID(one.ID) || one.Node != "w1" || one.Source != "postback_manager" || one.Owner != "m" || one.LastStatus != 500 ||
		one.Attempts != 1 || one.Body != "" || one.Header != nil || one.OrganizationID != "org1" || one.URL != b.server.URL+"/p?t="+one.TxID {
		t.Errorf("%d letters, %+v", len(seen), one)
	}
	whole := b.ask(outgoing.Question{Task: outgoing.TaskShow, Letter: one.ID}).Letters[0]
	if whole.Body != "sum=1.5" || whole.Header["Idempotency-Key"][0] != one.IdempotencyKey {
		t.Errorf("shown is %+v", whole)
	}
	b.ask(outgoing.Question{Task: outgoing.TaskDiscard, Letter: one.ID})
	if s := b.ask(outgoing.Question{Task: outgoing.TaskStats}).Stats; s.DeadLetters != many-1 || s.Node != "w1" || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
	b.ill.Store(false)
	again := seen[fmt.Sprintf("%032x", 8)]
	b.ask(outgoing.Question{Task: outgoing.TaskFire, Letter: again.ID})
	b.await(many - 2)
	if got := b.received(); !slices.Contains(got[many:], "POST /p?t="+again.TxID+" sum=1.5") {
		t.Errorf("fired again was %q", got[many:])
	}
	if a := b.ask(outgoing.Question{Task: outgoing.TaskFireAll}); a.Fired != many-2 || a.Next != "" {
		t.Errorf("fired all: %+v", a)
	}
	b.await(0)
	if got := len(b.received()); got != 2*many-1 {
		t.Errorf("the server got %d calls, want %d", got, 2*many-1)
	}
}

// Firing all takes its time in steps: where it ran out, it goes on.
func TestFireAllInSteps(t *testing.T) {
	b := setUp(t)
	b.documents(b.manager("m", "/p", nil))
	b.ill.Store(true)
	b.run()
	const many = 5
	var lines bytes.Buffer
	for i := range many {
		lines.Write(append(b.row(events.Conversion, fmt.Sprintf("%032x", i), nil).Line, '\n'))
	}
	if err := b.worker.Apply(worker.Block{Kind: events.Conversion, Lines: lines.Bytes(), Sequence: 1}); err != nil {
		t.Fatal(err)
	}
	b.await(many)
	b.ill.Store(false)
	now := time.Now()
	desk := New(Options{Worker: b.worker, Log: b.log, Node: "w1", Now: func() time.Time {
		now = now.Add(2 * fireTime / 3)
		return now
	}})
	fired, before := []int{}, ""
	for {
		a := desk.Answer(t.Context(), outgoing.Question{Task: outgoing.TaskFireAll, Before: before})
		if fired = append(fired, a.Fired); a.Err() != nil || a.Next == "" {
			break
		}
		before = a.Next
	}
	if !slices.Equal(fired, []int{2, 2, 1}) {
		t.Errorf("fired %v, want 2, 2 and 1", fired)
	}
	b.await(0)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if a := desk.Answer(gone, outgoing.Question{Task: outgoing.TaskFireAll}); a.Fired != 0 || a.Err() != nil {
		t.Errorf("nothing to fire: %+v", a)
	}
}

// The longest list fits into a message of NATS.
func TestListsAreShort(t *testing.T) {
	b := setUp(t)
	b.documents(b.manager("m", "/p?{param:long}", nil))
	b.ill.Store(true)
	b.run()
	var lines bytes.Buffer
	for i := range outgoing.MaxLetters {
		long := fields{
			"extra_params": fields{"keys": []string{"long"}, "values": []string{strings.Repeat("é", 2000)}},
			"publisher":    strings.Repeat("\x00", 10_000), "organization_id": "org1",
		}
		lines.Write(append(b.row(events.Conversion, fmt.Sprintf("%032x", i), long).Line, '\n'))
	}
	if err := b.worker.Apply(worker.Block{Kind: events.Conversion, Lines: lines.Bytes(), Sequence: 1}); err != nil {
		t.Fatal(err)
	}
	b.await(outgoing.MaxLetters)
	a := b.ask(outgoing.Question{Task: outgoing.TaskList, Limit: outgoing.MaxLetters})
	data, err := json.Marshal(a)
	if err != nil || len(a.Letters) != outgoing.MaxLetters || len(data) > 1<<19 {
		t.Errorf("%d letters in %d bytes, %v", len(a.Letters), len(data), err)
	}
	if whole := b.ask(outgoing.Question{Task: outgoing.TaskShow, Letter: a.Letters[0].ID}).Letters[0]; len(whole.URL) < 12_000 {
		t.Errorf("the whole URL has %d bytes", len(whole.URL))
	}
}
