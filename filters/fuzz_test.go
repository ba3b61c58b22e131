package filters

import (
	"net/netip"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// FuzzSettings gives every type any settings. They are refused or make a
// filter that survives any click and gives its own reasons only.
func FuzzSettings(f *testing.F) {
	for _, typ := range builtin {
		f.Add([]byte(typ.Example), "Telekom", []byte{192, 0, 2, 1}, noon)
	}
	for _, raw := range []string{"", "null", "{}", "[]", "[{}]", `{"keywords":["\u212a"]}`, `{"threshold_percentage":50,"lookback_hours":1}`,
		`{"browsers":{"Chrome":"1"}}`, `{"oses":{"\u023a":"1.2"}}`, `{"categories":["fraud"],"invert":true}`, `[{"max_session_time_seconds":1}]`} {
		f.Add([]byte(raw), "\xff", []byte{15: 1}, int64(-1))
	}
	f.Fuzz(func(t *testing.T, raw []byte, text string, ip []byte, ms int64) {
		addr, _ := netip.AddrFromSlice(ip)
		c := &click.Click{
			TimeMS: ms, IP: addr.Unmap(), UserAgent: text, Offer: text, SubID: [6]string{text}, UUID: text,
			DeviceID: text, Keyword: text, Referer: text, SiteURL: text, Params: []click.Param{{Name: text, Value: text}},
			Geo:        click.Geo{ISP: text, ISPKnown: true, ProxyKnown: true, Proxy: click.ProxyType(len(text) % 7)},
			Device:     &click.Device{BrowserName: "Chrome", BrowserVersion: text, OSName: text, OSVersion: text},
			Conversion: click.Conversion{ClickTimeMS: ms - int64(len(text)), BeginInstallMS: -ms, FinishInstallMS: ms, ThirdPartyReason: text},
		}
		env := testEnv()
		for i := range builtin {
			typ := &builtin[i]
			env.Plane = typ.Planes[0]
			filter, problems := typ.New(config.Raw(raw), env)
			for _, p := range problems {
				if p.Message == "" {
					t.Errorf("%s: a problem without words for %q", typ.Code, raw)
				}
			}
			if len(problems) > 0 {
				continue
			}
			declared := click.SetOf(typ.Reasons...)
			for range 3 {
				filter.(Explainer).Explain(c, new(Explanation))
				if r := filter.Check(c); r.Outcome > Unknown || r.Reasons.Union(declared) != declared || r.Reasons.Empty() == (r.Outcome == Hit) {
					t.Errorf("%s under %s gives %+v", typ.Code, raw, r)
				}
			}
		}
	})
}
