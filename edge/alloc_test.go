//go:build !race

package edge

import (
	"runtime"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// fullWork is a config in which a click meets targeting, all kinds of filters
// and a template with macros.
func fullWork() []string {
	return []string{
		strings.NewReplacer(
			"[{type: BOT}]", `[{type: BOT}, {type: VPN, settings: {threshold_percentage: 50, lookback_hours: 24, minimum_request_count: 10}}, {type: ISP, settings: {keywords: [hosting]}},
  {type: CLICK_FLOODING, settings: {max_duplicate_ip: 1000000, expires_in_seconds: 60, extra_expires_in_seconds_when_rejected: 1}},
  {type: DUPLICATE_USER, settings: [{enable_duplicate_ip: true, enable_duplicate_uuid: true, max_duplicates: 1000000, expires_in_seconds: 60, has_offer: true, has_user_agent: true}]}]`,
			"external_id: EXT-7,", "targeting_group_id: t,").Replace(base),
		"{kind: targeting_group, id: t, organization: org, integration: main, name: T, active: true, click_targeting_settings: {geo_targeting_enabled: true, geo: {countries: {KP: false}}, language_targeting_enabled: true, language: {de: true}}}",
	}
}

// decide takes a click from the request to the encoded event, the part of its
// path that is ours: without HTTP and the log.
func (r *rig) decide(ctx *fasthttp.RequestCtx) func() {
	v := r.visits.Get().(*visit)
	return func() {
		v.begin(ctx)
		v.readHost()
		v.in, _, _ = v.snap.router.Route(v.click.Host, view(ctx.Path()))
		v.read()
		v.enrich()
		v.lookUp()
		v.sense()
		if v.verdict() != notRefused {
			r.t.Fatal("the click was dropped")
		}
		v.encode()
		v.release()
	}
}

// TestAllocsPerClick holds the product's promise of the hot path: from the
// request to the encoded event a click allocates nothing.
func TestAllocsPerClick(t *testing.T) {
	r := newRig(t, fullWork()...)
	for name, url := range map[string]string{
		"approved":      good + "&utm_source=news%20letter",
		"unknown offer": "/click?offer_id=99&publisher_id=1",
	} {
		t.Run(name, func(t *testing.T) {
			click := r.decide(request("GET", url))
			// Fills the pools and caches; that of devices takes a moment.
			for hits := r.Devices.Stats().Hits; r.Devices.Stats().Hits == hits; runtime.Gosched() {
				click()
			}
			if n := testing.AllocsPerRun(1000, click); n != 0 {
				t.Errorf("a click allocates %v times, want 0", n)
			}
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	click := newRig(b, fullWork()...).decide(request("GET", good+"&utm_source=news", "Referer: https://blog.example/post/1", "Accept: text/html"))
	b.ReportAllocs()
	for b.Loop() {
		click()
	}
}
