package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/clickgate/clickgate/edge/device/uap/uatest"
)

// Names of targets that others are compared with.
const (
	fasthttpFloor = "bare fasthttp 302"
	nethttpFloor  = "bare net/http 302"
	safeMode      = "clickgate, safe mode"
	fastMode      = "clickgate, fast mode"
	// Every visitor is a stranger: user agent and address have not been seen.
	strangeVisitors = "clickgate, strangers"
	// Every 20th request is the conversion of a click that came before.
	withConversions = "clickgate, 5 % conversions"
)

// target is one server to measure.
type target struct {
	name  string
	start func(context.Context) (*server, error)
	// requests prepares a measurement.
	requests func() traffic
}

// offers is how many links every working server knows.
const offers = 10_000

func allTargets(dir string, o options) ([]target, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return nil, err
	}
	prepared := visitors()
	seen := func() traffic { return traffic{request: prepared} }
	targets := []target{
		{fasthttpFloor, floorStarter(self, "fasthttp"), seen},
		{nethttpFloor, floorStarter(self, "nethttp"), seen},
		{safeMode, clickgateStarter(dir, binary, false), seen},
		{fastMode, clickgateStarter(dir, binary, true), seen},
		{strangeVisitors, clickgateStarter(dir, binary, false), strangers(o)},
		{withConversions, clickgateStarter(dir, binary, false), func() traffic { return convertingVisitors(prepared) }},
	}
	nginx, why := nginxTargets(dir, seen)
	if why != "" {
		fmt.Fprintln(os.Stderr, "without nginx:", why)
	}
	var chosen []target
	for _, t := range append(targets, nginx...) {
		if wanted(t.name, o.only) {
			chosen = append(chosen, t)
		}
	}
	return chosen, nil
}

func floorStarter(self, kind string) func(context.Context) (*server, error) {
	return func(ctx context.Context) (*server, error) {
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		os.Setenv("BENCH_FLOOR_ADDR", addr)
		return startServer(ctx, addr, false, self, "-floor", kind)
	}
}

// clickgateStarter runs the product with the demo's databases, 10,000 offers
// and all click filters, their limits so high that the load passes.
func clickgateStarter(dir, binary string, fast bool) func(context.Context) (*server, error) {
	return func(ctx context.Context) (*server, error) {
		if _, err := exec.LookPath(binary); err != nil {
			return nil, fmt.Errorf("build it first (make build): %w", err)
		}
		home, err := os.MkdirTemp(dir, "clickgate-")
		if err != nil {
			return nil, err
		}
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		ops, err := freeAddr()
		if err != nil {
			return nil, err
		}
		boot := filepath.Join(home, "boot.yaml")
		var docs strings.Builder
		docs.WriteString(documents)
		writeOffers(&docs, offers)
		if err := writeClickgateConfig(home, boot, addr, fast, docs.String()); err != nil {
			return nil, err
		}
		s, err := startServer(ctx, addr, false, binary, "serve", "--config", boot, "--data-dir", filepath.Join(home, "data"), "--ops-listen", ops,
			"--control-listen", "127.0.0.1:0", "--apply", filepath.Join(home, "documents.yaml"))
		if err == nil {
			s.ops = ops
		}
		return s, err
	}
}

// writeClickgateConfig writes the boot settings and, when there are any, the
// documents of a clickgate.
func writeClickgateConfig(home, boot, addr string, fast bool, docs string) error {
	demo, err := filepath.Abs("deploy/examples/geo")
	if err != nil {
		return err
	}
	settings := fmt.Sprintf(`edge: {listen: %q, default_integration: bench}
events: {fast_mode: %t}
client_ip: {trusted_proxies: [127.0.0.0/8], client_ip_headers: [X-Forwarded-For]}
geo:
  databases: [%q, %q]
  lists: [{file: %q, kind: datacenter}, {file: %q, kind: vpn}]
log: {level: warn}
`, addr, fast, demo+"/demo-city.mmdb", demo+"/demo-asn.mmdb", demo+"/datacenter.txt", demo+"/vpn.txt")
	if err := os.WriteFile(boot, []byte(settings), 0o600); err != nil {
		return err
	}
	if docs == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(home, "documents.yaml"), []byte(docs), 0o600)
}

// writeOffers writes offers with a landing page each.
func writeOffers(docs *strings.Builder, count int) {
	for n := 1; n <= count; n++ {
		fmt.Fprintf(docs, "---\n{kind: offer, id: offer-%[1]d, organization: bench, integration: bench, incremental_id: %[1]d, name: Offer %[1]d, advertiser_id: 1, active: true}\n"+
			"---\n{kind: landing_page, id: page-%[1]d, organization: bench, offer: offer-%[1]d, incremental_id: %[1]d, name: Page %[1]d, active: true, redirect_url: 'https://shop.example/landing/%[1]d?click_id={click_id}&sub_id={sub_id}'}\n", n)
	}
}

const documents = `kind: integration
id: bench
organization: bench
name: Bench
type: Custom
active: true
monitoring_mode: false
offer_preview_enabled: false
clicks_config: {global_fallback_url: "https://fallback.example/?reason={rejection_reason}"}
conversions_config: {}
conversion_secure_code: bench
default_revenue_payout: {click_payout: 0.01}
default_filters:
  - {type: BOT}
  - {type: VPN, settings: {lookback_hours: 24, minimum_request_count: 1000000, threshold_percentage: 50}}
  - {type: OLD_BROWSER, settings: {browsers: {Chrome: "80", Firefox: "80", Mobile Safari: "12"}}}
  - {type: OLD_OS, settings: {oses: {Windows: "7", Android: "5", iOS: "10"}, lookback_hours: 24, minimum_request_count: 1000000, threshold_percentage: 50}}
  - {type: DEVICE_ID}
  - {type: PARAMETER, settings: {configs: {utm_source: {blocked_values: [spam]}, sub_id: {reject_empty_value: true}}}}
  - {type: SUB_ID_VALIDITY_CHECK, settings: {max_length: 20, max_unique_threshold: 1000}}
  - {type: DUPLICATE_USER, settings: [{enable_duplicate_ip: true, enable_duplicate_uuid: true, max_duplicates: 1000000, expires_in_seconds: 600, has_offer: true}]}
  - {type: CLICK_FLOODING, settings: {max_duplicate_ip: 1000000, expires_in_seconds: 600, extra_expires_in_seconds_when_rejected: 1}}
  - {type: ISP, settings: {keywords: [bulletproof, hosting]}}
  - {type: KEYWORD, settings: {keywords: [casino], max_duplicate_allowed: 1000000, expires_in_seconds: 600}}
  - {type: REFERER, settings: {keywords: [casino, spam], categories: [fraud]}}
  - {type: CONVERSION_REJECTION_THRESHOLD, settings: {lookback_hours: 24, minimum_total: 1000, threshold: 50}}
default_conversion_filters:
  - {type: HIGH_CONVERSION_RATE, settings: {lookback_times: {hourly: {enabled: true, min_click_count: 1000, min_conversion_count: 1000, max_conversion_rate: 50}}, block_clicks: true}}
---
{kind: advertiser, id: advertiser, organization: bench, incremental_id: 1, name: Advertiser, active: true}
---
{kind: publisher, id: publisher, organization: bench, incremental_id: 1, name: Publisher, active: true}
`

// visitors are requests of 50,000 addresses with 200 user agents on all
// offers, prepared so that the load generator's own work stays small.
func visitors() func(n int) []byte {
	const prepared, agents = 50_000, 200
	r := rand.New(rand.NewPCG(1, 2))
	seen := make([]string, agents)
	for i := range seen {
		seen[i] = uatest.Modern(r)
	}
	requests := make([][]byte, prepared)
	for i := range requests {
		requests[i] = request(r, i, seen[r.IntN(agents)], netip.AddrFrom4([4]byte{203, 0, byte(r.IntN(200)), byte(1 + r.IntN(250))}))
	}
	return func(n int) []byte { return requests[n%prepared] }
}

// strangers are visitors each with a user agent and an address that the server
// has not seen since it was started.
func strangers(o options) func() traffic {
	return func() traffic {
		r := rand.New(rand.NewPCG(3, 4))
		requests := make([][]byte, 9*o.requests/4+o.connections)
		for i := range requests {
			ip := netip.AddrFrom4([4]byte{byte(11 + i>>24), byte(i >> 16), byte(i >> 8), byte(i)})
			requests[i] = request(r, i, uatest.Modern(r), ip)
		}
		return traffic{request: func(n int) []byte { return requests[n] }}
	}
}

// request is what a browser sends that follows a link, as a CDN hands it on.
func request(r *rand.Rand, n int, agent string, from netip.Addr) []byte {
	return fmt.Appendf(nil, "GET /click?offer_id=%d&publisher_id=1&sub_id=s%d&utm_source=news&keyword=k%d HTTP/1.1\r\n"+
		"Host: trk.example\r\nUser-Agent: %s\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"+
		"Accept-Encoding: gzip, deflate, br\r\nAccept-Language: de-DE,de;q=0.9,en;q=0.8\r\nReferer: https://blog.example/post/%d\r\n"+
		"Upgrade-Insecure-Requests: 1\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-User: ?1\r\n"+
		"X-Forwarded-For: %s\r\nX-Forwarded-Proto: https\r\n\r\n",
		1+r.IntN(offers), n%100, n%50, agent, n%1000, from)
}
