package edge

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/clientip"
)

const (
	firefox   = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
	facebook  = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
)

// base is the config that most tests start from.
const base = `
kind: integration
id: main
organization: org
name: Main
type: Custom
active: true
monitoring_mode: false
offer_preview_enabled: false
clicks_config: {global_fallback_url: "https://fallback.example/?reason={rejection_reason}"}
conversions_config: {}
conversion_secure_code: secret
default_revenue_payout: {}
default_filters: [{type: BOT}]
---
{kind: advertiser, id: adv, organization: org, incremental_id: 1, name: Advertiser, active: true}
---
{kind: publisher, id: pub, organization: org, incremental_id: 1, name: Publisher, active: true}
---
{kind: offer, id: shoes, organization: org, integration: main, incremental_id: 1, external_id: EXT-7, name: Shoes, advertiser_id: 1, active: true, default_payout: {payout_type: CPC, payout: 0.5, revenue_type: RPC, revenue: 0.8}}
---
{kind: landing_page, id: page, organization: org, offer: shoes, incremental_id: 1, name: Page, active: true, redirect_url: "https://shop.example/?click={click_id}&sub={sub_id}", preview_url: "https://shop.example/preview"}
---
{kind: landing_page, id: sale, organization: org, offer: shoes, incremental_id: 2, name: Sale, active: true, redirect_url: "https://shop.example/sale"}
`

// gathering is a Publisher that keeps what it is given.
type gathering struct {
	mu     sync.Mutex
	rows   []events.Row
	blocks uint64
}

func (g *gathering) Publish(m *events.Message, done func(uint64, error)) {
	g.mu.Lock()
	g.blocks++
	for line := range bytes.Lines(m.Data) {
		row, err := events.DecodeRow(m.Kind, bytes.Clone(line))
		if err != nil {
			panic(err)
		}
		g.rows = append(g.rows, row)
	}
	n := g.blocks
	g.mu.Unlock()
	done(n, nil)
}

func (g *gathering) Stored(context.Context, *events.Message) (bool, error) { return false, nil }

// rig is an edge with real parts, and the events it wrote.
type rig struct {
	*Edge
	t   testing.TB
	log *gathering
	now time.Time
}

// parseAgents is shared: compiling its rules takes a second.
var parseAgents = sync.OnceValues(func() (*device.Parser, error) { return device.New(device.Options{}) })

func newRig(t testing.TB, documents ...string) *rig {
	t.Helper()
	return newRigWith(t, Settings{DefaultIntegration: "main"}, documents...)
}

func newRigWith(t testing.TB, s Settings, documents ...string) *rig {
	t.Helper()
	r := &rig{t: t, log: &gathering{}, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	places, err := geo.Open(geo.Options{})
	must(err)
	devices, err := parseAgents()
	must(err)
	ids, err := clickid.NewGenerator(1, clickid.NewKeys(r.now))
	must(err)
	addresses, err := clientip.New(clientip.Default())
	must(err)
	log := events.New(r.log, events.Options{Node: "test", AnswerWithin: time.Minute})
	t.Cleanup(func() { _ = log.Close(context.Background()) })
	r.Edge = New(s, Parts{
		Geo: places, Devices: devices, State: state.NewMemory(state.Options{Keys: 10_000}), Log: log,
		IDs: ids, ClientIP: addresses, Logger: zap.NewNop(), Now: func() time.Time { return r.now },
	})
	r.apply(documents...)
	return r
}

// set reads documents; a later one replaces an earlier one of the same key.
func set(t testing.TB, documents ...string) *config.Set {
	t.Helper()
	s, _ := config.NewSet()
	for _, text := range documents {
		docs, problems := config.Decode("test.yaml", []byte(text))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		s = s.With(docs, nil)
	}
	if problems := s.Validate(config.Checks{Filter: filters.Check, URL: redirect.Check, Domain: redirect.CheckDomain, Targeting: target.Check}); len(problems) > 0 {
		t.Fatal(problems)
	}
	return s
}

func (r *rig) apply(documents ...string) {
	r.t.Helper()
	if err := r.Apply(set(r.t, documents...), 7, nil); err != nil {
		r.t.Fatal(err)
	}
}

// answer is what a visitor got, with the event it left.
type answer struct {
	code     int
	location string
	body     string
	header   *fasthttp.ResponseHeader
	// row is the click's event; nil when there was none.
	row *events.Row
}

func (a answer) field(name string) string {
	if a.row == nil {
		return "(no event)"
	}
	return a.row.Text(name)
}

// get asks for a URL as a browser from 203.0.113.9. Headers are "Name: value".
func (r *rig) get(url string, headers ...string) answer {
	r.t.Helper()
	return r.do("GET", url, headers...)
}

func (r *rig) do(method, url string, headers ...string) answer {
	r.t.Helper()
	before := len(r.rows())
	ctx := request(method, url, headers...)
	r.Handle(ctx)
	h := &ctx.Response.Header
	a := answer{code: ctx.Response.StatusCode(), location: string(h.Peek("Location")), body: string(ctx.Response.Body()), header: h}
	if rows := r.rows(); len(rows) > before {
		a.row = &rows[len(rows)-1]
	}
	return a
}

func (r *rig) rows() []events.Row {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	return r.log.rows
}

func request(method, url string, headers ...string) *fasthttp.RequestCtx {
	var req fasthttp.Request
	req.Header.SetMethod(method)
	req.SetRequestURI(url)
	req.Header.SetHost("trk.example")
	req.Header.Set("User-Agent", firefox)
	req.Header.Set("Accept-Language", "de")
	req.Header.Set("X-Forwarded-For", "203.0.113.9")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Header.SetHost(value)
			continue
		}
		req.Header.Set(name, value)
	}
	ctx := &fasthttp.RequestCtx{}
	ctx.Init(&req, net.TCPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:40000")), nil)
	return ctx
}

// want checks the answer's code, location (a prefix) and the row's status and
// primary reason; an empty status means that there must be no event.
func (a answer) want(t *testing.T, code int, location, status, reason string) {
	t.Helper()
	if a.code != code || !strings.HasPrefix(a.location, location) || location == "" && a.location != "" {
		t.Errorf("answered %d to %q, want %d to %q", a.code, a.location, code, location)
	}
	if status == "" {
		if a.row != nil {
			t.Errorf("left an event with status %q, want none", a.field("status"))
		}
		return
	}
	if a.field("status") != status || a.field("rejected_primary_reason") != reason {
		t.Errorf("recorded as %s %s, want %s %s", a.field("status"), a.field("rejected_primary_reason"), status, reason)
	}
}
