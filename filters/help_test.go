package filters

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// noon is the time of test clicks: some day in 2026.
const noon = int64(1_780_000_000_000)

// compile makes a filter or ends the test.
func compile(tb testing.TB, typ Type, settings string) Filter {
	tb.Helper()
	f, problems := typ.New(config.Raw(settings), testEnv())
	if len(problems) > 0 {
		tb.Fatalf("%s refuses %s: %v", typ.Code, settings, problems)
	}
	return f
}

func testEnv() Env {
	return Env{Plane: click.PlaneClick, Scope: "filter_group/test", State: state.NewMemory(state.Options{Keys: 1000})}
}

// visitor is a person with a browser; change makes it another.
func visitor(change func(c *click.Click)) *click.Click {
	c := &click.Click{
		TimeMS: noon, IP: netip.MustParseAddr("192.0.2.1"), AcceptLanguage: "de",
		UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
		Offer:     "1", Publisher: "2", SubID: [6]string{"banner"},
		UUID: "uuid", Fingerprint: "fingerprint", DeviceID: "device",
		Geo:    click.Geo{ISP: "Deutsche Telekom AG", ISPKnown: true, ProxyKnown: true},
		Device: &click.Device{BrowserName: "Chrome", Type: "Computer"},
	}
	if change != nil {
		change(c)
	}
	return c
}

// examples are the filters of all planes under their examples.
func examples() (lists Lists) {
	for plane := range lists {
		for kind, typ := range builtin {
			judges := slices.Contains(typ.Planes, click.Plane(plane))
			if twin := plane == int(click.PlaneImpression) && click.Filter(kind) == click.FilterDuplicateUser; judges && !twin {
				lists[plane] = append(lists[plane], config.Filter{Type: typ.Code, Settings: config.Raw(typ.Example)})
			}
		}
	}
	return lists
}

// usedBy counts what a memory holds.
func usedBy(m *state.Memory) (n int) {
	for _, s := range m.Stats() {
		n += s.Used
	}
	return n
}

// refused holds settings that a type must refuse, with the place and words of
// the problem.
type refused struct{ settings, path, words string }

func testRefused(t *testing.T, typ Type, cases []refused) {
	t.Helper()
	for _, tc := range cases {
		_, problems := typ.New(config.Raw(tc.settings), testEnv())
		if !hasProblem(problems, tc.path, tc.words) {
			t.Errorf("settings %s give the problems %v, want one at %q that says %q", tc.settings, problems, tc.path, tc.words)
		}
	}
}
