package filters

import (
	"fmt"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

func behind(p click.ProxyType) *click.Click {
	return visitor(func(c *click.Click) { c.Geo.Proxy = p })
}

func TestVPNWithoutThreshold(t *testing.T) {
	for _, tc := range []struct {
		proxy       click.ProxyType
		plain, home Outcome // home: with residential_vpn_check
	}{
		{click.NoProxy, Pass, Pass},
		{click.VPN, Hit, Hit},
		{click.Tor, Hit, Hit},
		{click.PublicProxy, Hit, Hit},
		{click.ResidentialProxy, Pass, Hit},
		{click.Datacenter, Hit, Hit},
		{click.OperatorListed, Hit, Hit},
	} {
		for settings, want := range map[string]Outcome{`{}`: tc.plain, `{"residential_vpn_check": true}`: tc.home} {
			for _, known := range []bool{true, false} {
				c := behind(tc.proxy)
				c.Geo.ProxyKnown = known
				want := want
				if tc.proxy == click.NoProxy && !known {
					want = Unknown
				}
				got := compile(t, vpn, settings).Check(c)
				if got.Outcome != want {
					t.Errorf("proxy %q (database: %t) under %s: %s, want %s", tc.proxy, known, settings, got.Outcome, want)
				}
				if got.Outcome == Hit && (got.Detail != tc.proxy.String() || got.Reasons != click.SetOf(click.VPNReason)) {
					t.Errorf("proxy %q: detail %q and reasons %b, want the proxy type and VPN", tc.proxy, got.Detail, got.Reasons)
				}
			}
		}
	}
}

// The cases send clicks before and judge the last one.
func TestVPNThreshold(t *testing.T) {
	const settings = `{"lookback_hours": 24, "minimum_request_count": 10, "threshold_percentage": 20}`
	const bySubID = `{"lookback_hours": 24, "minimum_request_count": 10, "threshold_percentage": 20, "check_by_sub_id": true}`
	people := func(n int) sent { return sent{n, visitor(nil)} }
	proxies := func(n int) sent { return sent{n, behind(click.VPN)} }
	changed := func(s sent, change func(c *click.Click)) sent {
		c := *s.click
		change(&c)
		return sent{s.n, &c}
	}
	otherSubID := func(c *click.Click) { c.SubID[0] = "other" }
	for _, tc := range []struct {
		name, settings string
		before         []sent
		last           *click.Click
		want           Outcome
	}{
		{"the first request", settings, nil, behind(click.VPN), Pass},
		{"one below the minimum", settings, []sent{proxies(9)}, behind(click.VPN), Pass},
		{"at the minimum", settings, []sent{proxies(10)}, behind(click.VPN), Hit},
		{"at the threshold", settings, []sent{people(8), proxies(2)}, behind(click.VPN), Pass},
		{"over the threshold", settings, []sent{people(7), proxies(3)}, behind(click.VPN), Hit},
		{"a person over the threshold", settings, []sent{proxies(50)}, visitor(nil), Pass},
		{"the share of a day ago", settings, []sent{proxies(50), people(10)},
			changed(proxies(1), func(c *click.Click) { c.TimeMS += 24 * 3600 * 1000 }).click, Pass},
		{"unknown addresses take no part", settings,
			[]sent{proxies(9), changed(people(90), func(c *click.Click) { c.Geo.ProxyKnown = false })}, behind(click.VPN), Pass},
		{"no zero minimum", `{"lookback_hours": 1, "threshold_percentage": 20}`, nil, behind(click.VPN), Pass},
		{"100 is never exceeded", `{"lookback_hours": 1, "threshold_percentage": 100}`, []sent{proxies(50)}, behind(click.VPN), Pass},
		{"no window, no check", `{"lookback_hours": 0, "threshold_percentage": 1}`, []sent{proxies(50)}, behind(click.VPN), Pass},
		{"another publisher", settings, []sent{changed(proxies(50), func(c *click.Click) { c.Publisher = "3" })}, behind(click.VPN), Pass},
		{"another offer", settings, []sent{changed(proxies(50), func(c *click.Click) { c.Offer = "3" })}, behind(click.VPN), Pass},
		{"another sub id counts with it", settings, []sent{changed(proxies(50), otherSubID)}, behind(click.VPN), Hit},
		{"another sub id counts alone", bySubID, []sent{changed(proxies(50), otherSubID)}, behind(click.VPN), Pass},
		{"the same sub id", bySubID, []sent{proxies(50)}, behind(click.VPN), Hit},
		{"prefetches take no part", settings, []sent{changed(proxies(50), func(c *click.Click) { c.Purpose = click.Prefetch })}, behind(click.VPN), Pass},
		{"a prefetch is judged", settings, []sent{proxies(50)},
			changed(proxies(1), func(c *click.Click) { c.Purpose = click.Prefetch }).click, Hit},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := compile(t, vpn, tc.settings)
			for _, s := range tc.before {
				for range s.n {
					f.Check(s.click)
				}
			}
			if got := f.Check(tc.last); got.Outcome != tc.want {
				t.Errorf("the click after %v is %s, want %s", tc.before, got.Outcome, tc.want)
			}
		})
	}
}

// sent is a click that comes n times.
type sent struct {
	n     int
	click *click.Click
}

func (s sent) String() string { return fmt.Sprintf("%d with proxy %q", s.n, s.click.Geo.Proxy) }

// Each window has counts of its own: those of another lookback are not read
// with the wrong measure, and are there again when the setting is taken back.
func TestVPNAfterChangeOfWindow(t *testing.T) {
	env := testEnv()
	for i, tc := range []struct {
		hours string
		want  Outcome
	}{{"24", Hit}, {"48", Pass}, {"24", Hit}} {
		f, problems := vpn.New(config.Raw(`{"minimum_request_count": 10, "threshold_percentage": 20, "lookback_hours": `+tc.hours+`}`), env)
		if problems != nil {
			t.Fatal(problems)
		}
		for n := 0; i == 0 && n < 10; n++ {
			f.Check(behind(click.VPN))
		}
		if got := f.Check(behind(click.VPN)); got.Outcome != tc.want {
			t.Errorf("load %d, lookback of %s hours: %s, want %s", i, tc.hours, got.Outcome, tc.want)
		}
	}
}

func TestVPNSettings(t *testing.T) {
	testRefused(t, vpn, []refused{
		{`{"threshold_percentage": 101}`, "threshold_percentage", "0 to 100, not 101"},
		{`{"threshold_percentage": -1}`, "threshold_percentage", "0 to 100, not -1"},
		{`{"threshold_percentage": "20"}`, "threshold_percentage", ""},
		{`{"lookback_hours": -1}`, "lookback_hours", "0 to 720"},
		{`{"lookback_hours": 721}`, "lookback_hours", "0 to 720"},
		{`{"minimum_request_count": -1}`, "minimum_request_count", "0 to"},
		{`{"minimum_requests": 1}`, "minimum_requests", ""},
	})
}
