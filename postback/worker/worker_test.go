package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/queue"
)

func TestCallIsSentAndLogged(t *testing.T) {
	rec := receive(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "thanks") })
	b := setUp(t, vfs.NewMem(), nil)
	b.documents(t, &config.Publisher{Meta: config.Meta{ID: "pub1"}, IncrementalID: 12}, &config.PostbackManager{
		Meta: config.Meta{ID: "m1"}, Integration: "int1", ServiceType: "conversion", Active: true, Method: "POST",
		URL: rec.URL + "/pb?c={click_id}&p={publisher}", Body: `{"payout":{payout},"key":"{idempotency_key}"}`,
		Headers: map[string][]string{"Authorization": {"Bearer s3cret"}, "X-Sub": {"{sub_id}"}},
	})
	b.apply(t, 7, conversion(t, "c1", fields{"sub_id": "a\r\nX-Evil: 1"}))
	b.run(t)
	key := call.KeyOf("c1", call.Manager, "m1", "")
	got := rec.next(t)
	if got.method != "POST" || got.url != "/pb?c=k-c1&p=12" || got.body != `{"payout":1.25,"key":"`+key+`"}` || got.key != key ||
		got.header.Get("Authorization") != "Bearer s3cret" || got.header.Get("X-Sub") != "a  X-Evil: 1" || got.header.Get("X-Evil") != "" {
		t.Errorf("got %+v", got)
	}
	row := b.log.next(t)
	if ms, ok := row["duration_ms"].(float64); !ok || ms < 0 {
		t.Errorf("duration %v", row["duration_ms"])
	}
	delete(row, "duration_ms")
	at := events.FormatTime(noon)
	want := map[string]any{
		"tx_id": "c1", "service_type": "conversion", "integration_id": "int1", "organization_id": "org1", "postback_manager_id": "m1",
		"offer_id": "7", "publisher": "Blog", "is_created_by_asp_publisher": false, "create_time": at, "postback_after": at, "process_time": at,
		"is_processed": 1., "postback_ip": "127.0.0.1", "method": "POST", "url": rec.URL + "/pb?c=k-c1&p=12", "body": got.body,
		"headers": map[string]any{
			"Authorization": []any{"***"}, "X-Sub": []any{"a  X-Evil: 1"}, "Content-Type": []any{"application/json"}, "Idempotency-Key": []any{key},
		},
		"status_code": 200., "response_body": "thanks", "request_time": at, "status": "Approved", "source": "postback_manager", "source_id": "m1",
		"outcome": "sent", "attempt": 1., "idempotency_key": key, "server_region": "eu", "node": "n1",
	}
	if !reflect.DeepEqual(row, want) {
		t.Errorf("logged\n%v, want\n%v", row, want)
	}
	if b.Position() != 7 {
		t.Errorf("at %d, want 7", b.Position())
	}
}

// TestAttempts: what is tried again, how often, and what becomes of it (D-28).
func TestAttempts(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []int // the last one goes on
		want    string
		dead    bool
	}{
		{"arrives", []int{204}, "sent", false},
		{"unwanted", []int{404}, "rejected", false},
		{"unwanted by a redirect to nowhere", []int{304}, "rejected", false},
		{"arrives later", []int{500, 429, 200}, "retry retry sent", false},
		{"unwanted later", []int{503, 400}, "retry rejected", false},
		{"times out, too early", []int{408, 425, 200}, "retry retry sent", false},
		{"broken", []int{502}, "retry retry retry dead", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int64
			rec := receive(t, func(w http.ResponseWriter, _ *http.Request) {
				i := min(int(n.Add(1)), len(tt.answers))
				w.WriteHeader(tt.answers[i-1])
			})
			b := setUp(t, vfs.NewMem(), nil)
			b.managers(t, rec.URL)
			b.apply(t, 1, conversion(t, "c1", nil))
			stop := b.run(t)
			var outcomes []string
			for final := false; !final; {
				row := b.log.next(t)
				outcomes = append(outcomes, row["outcome"].(string))
				if row["attempt"] != float64(len(outcomes)) || row["idempotency_key"] != rec.next(t).key {
					t.Errorf("row %v", row)
				}
				final = row["is_processed"] == 1.
			}
			stop()
			if got := strings.Join(outcomes, " "); got != tt.want {
				t.Errorf("outcomes %q, want %q", got, tt.want)
			}
			if s := b.Stats(); s.Jobs != 0 || (s.Dead == 1) != tt.dead {
				t.Errorf("left %+v", s)
			}
		})
	}
}

func TestDeadLettersAreFiredAgain(t *testing.T) {
	var works atomic.Bool
	rec := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		if !works.Load() {
			w.WriteHeader(500)
		}
	})
	b := setUp(t, vfs.NewMem(), func(s *Settings) { s.Retries = 0 })
	b.managers(t, rec.URL+"/x?y=1")
	b.apply(t, 1, conversion(t, "c1", nil))
	stop := b.run(t)
	first := rec.next(t)
	if row := b.log.next(t); row["outcome"] != "dead" {
		t.Fatalf("row %v", row)
	}
	stop()
	l := b.letters(t)[0]
	if l.Attempts != 1 || l.LastStatus != 500 || l.LastError != "the server answers 500 Internal Server Error" || l.URL != rec.URL+"/x?y=1" || l.Owner != "m0" || l.About.TxID != "c1" {
		t.Errorf("letter %+v", l)
	}
	works.Store(true)
	if err := b.Refire(l.ID); err != nil {
		t.Fatal(err)
	}
	b.run(t)
	if again := rec.next(t); again.key != first.key || again.key == "" {
		t.Errorf("fired again with key %q, not %q", again.key, first.key)
	}
	if row := b.log.next(t); row["outcome"] != "sent" {
		t.Errorf("row %v", row)
	}
	if _, err := b.Letter(l.ID); !errors.Is(err, queue.ErrNoLetter) {
		t.Errorf("the letter is still there: %v", err)
	}
	if err := b.Discard(l.ID); !errors.Is(err, queue.ErrNoLetter) {
		t.Errorf("the letter can still be discarded: %v", err)
	}
}

// letters returns the dead letters; the worker must have been stopped, for a row
// is logged before its letter is written.
func (b *bench) letters(t *testing.T) []Letter {
	t.Helper()
	letters, err := b.Letters("", 10)
	if err != nil || len(letters) != 1 {
		t.Fatalf("letters %+v, %v, want one", letters, err)
	}
	return letters
}

// TestSlowHostDelaysNobody: while a server answers nothing, all calls to
// another go through.
func TestSlowHostDelaysNobody(t *testing.T) {
	release := make(chan struct{})
	slow := receive(t, func(http.ResponseWriter, *http.Request) { <-release })
	fast := receive(t, nil)
	b := setUp(t, vfs.NewMem(), func(s *Settings) { s.Queue.PerHost, s.Queue.Global = 3, 4 })
	b.managers(t, slow.URL, fast.URL)
	var lines [][]byte
	for i := range 100 {
		lines = append(lines, conversion(t, fmt.Sprint("c", i), nil))
	}
	b.apply(t, 1, lines...)
	stop := b.run(t)
	for range 100 {
		fast.next(t)
	}
	for range 3 {
		slow.next(t)
	}
	if n := len(slow.got); n != 0 {
		t.Errorf("%d calls more than three at a time to the slow host", n)
	}
	close(release)
	for range 97 {
		slow.next(t)
	}
	stop()
	if s := b.Stats(); s.Jobs != 0 {
		t.Errorf("left %+v", s)
	}
}

// TestDelay is R-62, over a restart.
func TestDelay(t *testing.T) {
	rec := receive(t, nil)
	fs := vfs.NewMem()
	manager := &config.PostbackManager{
		Meta: config.Meta{ID: "m1"}, Integration: "int1", ServiceType: "conversion", URL: rec.URL, Active: true, DelayValue: 2, DelayMetric: "Hour",
	}
	b := setUp(t, fs, nil)
	b.documents(t, manager)
	b.apply(t, 1, conversion(t, "c1", nil))
	stop := b.run(t)
	stop()
	b.Close()
	b = setUp(t, fs, nil)
	b.documents(t, manager)
	b.advance(2*time.Hour - time.Second)
	if job, wait, err := b.queue.Take(); job != nil || wait != time.Second || err != nil {
		t.Fatalf("a second before it is due: %v, waits %v, %v", job, wait, err)
	}
	if len(rec.got) > 0 {
		t.Fatal("sent before it was due")
	}
	b.advance(time.Second)
	b.run(t)
	rec.next(t)
	if row := b.log.next(t); row["postback_after"] != events.FormatTime(noon.Add(2*time.Hour)) || row["create_time"] != events.FormatTime(noon) {
		t.Errorf("row %v", row)
	}
}

// TestCrash: a call that was under way in a crash is made again, with the same
// idempotency key, also when the log is read again from before it.
func TestCrash(t *testing.T) {
	release := make(chan struct{})
	var calls atomic.Int64
	rec := receive(t, func(http.ResponseWriter, *http.Request) {
		if calls.Add(1) == 1 {
			<-release
		}
	})
	fs := vfs.NewCrashableMem()
	b := setUp(t, fs, nil)
	b.managers(t, rec.URL)
	b.apply(t, 1, conversion(t, "c1", nil))
	stop := b.run(t)
	first := rec.next(t)
	crashed := fs.CrashClone(vfs.CrashCloneCfg{})
	close(release)
	stop()

	after := setUp(t, crashed, nil)
	after.managers(t, rec.URL)
	if after.Position() != 1 {
		t.Errorf("after the crash at %d", after.Position())
	}
	after.apply(t, 1, conversion(t, "c1", nil), conversion(t, "c2", nil))
	stop = after.run(t)
	keys := map[string]int{}
	for range 2 {
		keys[rec.next(t).key]++
	}
	stop()
	if keys[first.key] != 1 || len(keys) != 2 || len(rec.got) != 0 {
		t.Errorf("keys %v after %s, and %d calls more", keys, first.key, len(rec.got))
	}
}

// TestOncePerStatus: a conversion that changes fires what waits for its new
// status, once.
func TestOncePerStatus(t *testing.T) {
	rec := receive(t, nil)
	b := setUp(t, vfs.NewMem(), nil)
	b.documents(t, &config.Publisher{Meta: config.Meta{ID: "pub1"}, IncrementalID: 12},
		&config.PublisherPostback{Meta: config.Meta{ID: "p1"}, PublisherIncrementalID: 12, URL: rec.URL + "/confirmed", Status: "confirmed", Active: true},
		&config.PublisherPostback{Meta: config.Meta{ID: "p2"}, PublisherIncrementalID: 12, URL: rec.URL + "/created?s={status}", Status: "by_creating", Active: true},
	)
	change := func(status string) []byte {
		return conversion(t, "c1", fields{"status": status, "updated_time": events.FormatTime(noon)})
	}
	b.apply(t, 1, conversion(t, "c1", fields{"status": "Pending"}))
	b.apply(t, 2, change("Approved"))
	b.apply(t, 3, change("Approved")) // another amount
	b.apply(t, 4, change("Rejected"))
	b.apply(t, 5, change("Approved"))
	b.managers(t, rec.URL+"/late?s={status}") // made when all had happened
	b.apply(t, 6, change("Rejected"))
	stop := b.run(t)
	got := map[string]bool{rec.next(t).url: true, rec.next(t).url: true}
	stop()
	if !got["/confirmed"] || !got["/created?s=pending"] || len(rec.got) != 0 {
		t.Errorf("got %v and %d more", got, len(rec.got))
	}
}

// TestNeverAWeapon: what leads inside is given up at once, and told.
func TestNeverAWeapon(t *testing.T) {
	rec := receive(t, nil)
	b := setUp(t, vfs.NewMem(), func(s *Settings) { s.Calls.AllowNetworks = nil })
	b.managers(t, rec.URL+"/?token=s3cret")
	b.apply(t, 1, conversion(t, "c1", nil))
	b.run(t)
	row := b.log.next(t)
	if row["outcome"] != "dead" || row["attempt"] != 1. || !strings.Contains(row["error"].(string), "127.0.0.1 is not public") ||
		strings.Contains(row["error"].(string), "s3cret") || len(rec.got) != 0 {
		t.Errorf("row %v, %d calls", row, len(rec.got))
	}
}

func TestSecretsAreNotLogged(t *testing.T) {
	rec := receive(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		fmt.Fprintf(w, "bad key %s in %s", r.URL.Query().Get("k"), r.URL)
	})
	b := setUp(t, vfs.NewMem(), func(s *Settings) { s.Retries = 0 })
	b.documents(t, &config.Integration{
		Meta: config.Meta{ID: "int1"}, ConversionThirdPartySyncEnabled: true, ConversionThirdPartySyncMode: "All",
		AccountAPIURL: rec.URL + "/?k={account_key}&t={click_id}", AccountKey: "s3 cret/",
	})
	b.apply(t, 1, conversion(t, "c1", nil))
	stop := b.run(t)
	if got := rec.next(t); got.url != "/?k=s3%20cret%2F&t=k-c1" {
		t.Errorf("called %s", got.url)
	}
	row := b.log.next(t)
	if row["url"] != rec.URL+"/?k=***&t=k-c1" || row["response_body"] != "bad key *** in /?k=***&t=k-c1" || row["source"] != "third_party_sync" || row["source_id"] != "int1" || row["postback_manager_id"] != nil {
		t.Errorf("row %v", row)
	}
	stop()
	if l := b.letters(t)[0]; strings.Contains(fmt.Sprintf("%+v", l), "cret") {
		t.Errorf("letter %+v", l)
	}
}

func TestBlocksThatCannotBeRead(t *testing.T) {
	rec := receive(t, nil)
	b := setUp(t, vfs.NewMem(), nil)
	if err := b.Apply(Block{Kind: events.Conversion, Sequence: 1}); !errors.Is(err, errNoConfig) || !b.Wants(events.Click) {
		t.Errorf("without a config: %v", err)
	}
	b.managers(t, rec.URL, rec.URL+"/?u="+strings.Repeat("{user_agent}", 100))
	if b.Wants(events.Click) || !b.Wants(events.Conversion) {
		t.Error("wants other blocks than it needs")
	}
	bad := b.counts.badLines.Get()
	unmade := b.counts.unmade.Get()
	b.apply(t, 3, []byte("{nonsense\n"), []byte("[]\n"), conversion(t, "c1", fields{"user_agent": strings.Repeat("x", 500)}))
	b.run(t)
	rec.next(t)
	if b.counts.badLines.Get()-bad != 2 || b.counts.unmade.Get()-unmade != 1 || b.Position() != 3 {
		t.Errorf("%d bad lines, %d calls not made, at %d", b.counts.badLines.Get()-bad, b.counts.unmade.Get()-unmade, b.Position())
	}
}

// TestPreview is the test button.
func TestPreview(t *testing.T) {
	rec := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	b := setUp(t, vfs.NewMem(), nil)
	draft := &config.PostbackManager{
		Meta: config.Meta{ID: "draft"}, Integration: "int1", ServiceType: "conversion", Active: true, Method: "POST",
		URL: rec.URL + "/?c={click_id}", Body: "p={payout}", Headers: map[string][]string{"X-Token": {"s3cret"}},
	}
	event := decode(t, conversion(t, "c1", nil))
	if _, err := b.Preview(draft, event); !errors.Is(err, errNoConfig) {
		t.Errorf("without a config: %v", err)
	}
	b.managers(t)
	p, err := b.Preview(draft, event)
	if err != nil || p.Method != "POST" || p.URL != rec.URL+"/?c=k-c1" || p.Body != "p=1.25" || p.Header.Get("X-Token") != "***" || !p.Fires {
		t.Errorf("preview %+v, %v", p, err)
	}
	if len(rec.got) != 0 || b.Stats() != (queue.Stats{}) {
		t.Error("a preview sends or keeps something")
	}
	p, a, err := b.SendNow(t.Context(), draft, event)
	got := rec.next(t)
	if err != nil || a.Status != 503 || a.Outcome != Dead || got.body != "p=1.25" || got.header.Get("X-Token") != "s3cret" || got.key == call.KeyOf("c1", call.Manager, "draft", "") {
		t.Errorf("sent %+v, %+v, %v", got, a, err)
	}
	if row := b.log.next(t); row["source"] != "test" || row["status_code"] != 503. || p.URL != row["url"] || b.Stats() != (queue.Stats{}) {
		t.Errorf("row %v, queue %+v", row, b.Stats())
	}
	draft.URL = "nonsense"
	if _, _, err := b.SendNow(t.Context(), draft, event); err == nil || !strings.Contains(err.Error(), "postback_manager") {
		t.Errorf("a draft that cannot be used: %v", err)
	}
}

// TestStopping: calls under way end; those that do not are made again.
func TestStopping(t *testing.T) {
	arrived := make(chan struct{})
	release := make(chan struct{})
	rec := receive(t, func(http.ResponseWriter, *http.Request) { close(arrived); <-release })
	b := setUp(t, vfs.NewMem(), nil)
	b.managers(t, rec.URL)
	b.apply(t, 1, conversion(t, "c1", nil))
	stop := b.run(t)
	<-arrived
	go close(release)
	stop()
	if row := b.log.next(t); row["outcome"] != "sent" || b.Stats().Jobs != 0 {
		t.Errorf("row %v, left %+v", row, b.Stats())
	}
	b.apply(t, 2, conversion(t, "c2", nil))
	job, _, err := b.queue.Take()
	if err != nil || job == nil {
		t.Fatal(job, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.fire(ctx, job); err != nil || b.Stats().Jobs != 1 || len(b.log.rows) != 0 {
		t.Errorf("a call that was broken off: %v, left %+v, %d rows", err, b.Stats(), len(b.log.rows))
	}
	if job, _, _ = b.queue.Take(); job == nil || job.Attempts != 1 {
		t.Errorf("it comes again as %+v", job)
	}
}

func TestRetryTimes(t *testing.T) {
	b := setUp(t, vfs.NewMem(), func(s *Settings) { s.RetryAfter, s.RetryMost = 10*time.Second, 100*time.Second })
	for attempts, most := range map[int]time.Duration{1: 10 * time.Second, 2: 40 * time.Second, 3: 100 * time.Second, 20: 100 * time.Second} {
		longest := time.Duration(0)
		for range 1000 {
			d := b.retryIn(attempts, "")
			if longest = max(longest, d); d < 0 || d >= most {
				t.Fatalf("after %d attempts it waits %v, want less than %v", attempts, d, most)
			}
		}
		if longest < most/2 {
			t.Errorf("after %d attempts it waits %v at the most, want up to %v", attempts, longest, most)
		}
	}
	for header, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, " 7 ": 7 * time.Second, "99999999999": time.Hour, "-5": 0, "soon": 0, "99999999999999999999999": 0,
		noon.Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second, noon.Add(-time.Hour).Format(http.TimeFormat): 0,
		noon.Add(48 * time.Hour).Format(http.TimeFormat): time.Hour,
	} {
		if got := b.askedFor(header); got != want {
			t.Errorf("Retry-After %q is %v, want %v", header, got, want)
		}
	}
	if d := b.retryIn(1, "600"); d != 10*time.Minute {
		t.Errorf("a server that asks for ten minutes gets %v", d)
	}
}

// TestHealth: what is one account's matter does not block a host that many use.
func TestHealth(t *testing.T) {
	for status, want := range map[int]queue.Health{
		200: queue.Answers, 404: queue.Answers, 429: queue.Answers, 500: queue.Answers, 502: queue.Fails, 503: queue.Fails, 504: queue.Fails,
	} {
		if got := healthOf(status, nil); got != want {
			t.Errorf("health of %d is %v, want %v", status, got, want)
		}
	}
}

func TestMetrics(t *testing.T) {
	rec := receive(t, nil)
	b := setUp(t, vfs.NewMem(), nil)
	b.managers(t, rec.URL)
	b.apply(t, 1, conversion(t, "c1", nil), conversion(t, "c2", nil))
	if _, _, err := b.queue.Take(); err != nil {
		t.Fatal(err)
	}
	b.advance(3 * time.Second)
	var text bytes.Buffer
	b.WriteMetrics(&text)
	for _, want := range []string{
		"clickgate_postback_waiting_calls 1\n", "clickgate_postback_flying_calls 1\n", "clickgate_postback_oldest_due_seconds 3\n",
		"clickgate_postback_dead_calls 0\n", `clickgate_postback_attempt_seconds_total{outcome="sent"} 0`,
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s\nlacks %s", &text, want)
		}
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	s := Default()
	s.Calls.AllowNetworks, s.Calls.Timeout, s.Queue.PerHost, s.Retries, s.RetryAfter = []string{"x"}, 0, 0, 21, 2*time.Hour
	err := fmt.Sprint(s.Validate())
	for _, want := range []string{
		"calls.allow_networks[0]: ", "\ncalls.timeout: ", "\nqueue.per_host: ", "\nretries: 21 is not between 0 and 20", "\nretry_after: 2h0m0s", "\nretry_most: ",
	} {
		if !strings.Contains("\n"+err, want) {
			t.Errorf("%s\ndoes not tell %s", err, want)
		}
	}
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	if _, err := New(Options{}); err == nil {
		t.Error("a worker without settings starts")
	}
}
