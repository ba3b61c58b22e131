package hints

import (
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

// FuzzHints: whatever the headers hold, reading them ends, reads within bounds,
// changes no device but its own copy, and believes only bounded plain text.
func FuzzHints(f *testing.F) {
	f.Add(listChrome, fullChrome, "?1", `"Android"`, `"15.0.0"`, `"Pixel 8"`, `"Mobile", "Tablet"`, "Chrome Mobile", "Android")
	f.Add(`"\\Not\"A;Brand";v="99", "Brave";v="142"`, `"Brave";v="1.2.3.4"`, "?0", `"Windows"`, `"0.3.0"`, `""`, ``, "Chrome", "Windows")
	f.Add(`"a";;v=1,`, `,`, "?", `"`, `"\"`, `"\\`, `"Mobile"`, "Chrome", "Linux")
	f.Fuzz(func(t *testing.T, brands, full, mobile, platform, version, model, forms, browser, system string) {
		x := Headers{brands, full, mobile, platform, version, model, forms}
		d := click.Device{BrowserName: browser, BrowserVersion: "142.0.0", OSName: system, OSVersion: "10", Type: phone, Brand: "Generic_Android", Model: "K"}
		before := d
		h := Parse(&x)
		contradicts := h.Contradict(&d)
		if contradicts && !h.Sent() {
			t.Fatal("a contradiction without hints")
		}
		var into click.Device
		got := h.Refine(&d, &into)
		if d != before {
			t.Fatal("Refine changed its argument")
		}
		for _, s := range []string{got.BrowserVersion, got.OSVersion, got.Model} {
			if len(s) > maxText || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
				t.Fatalf("Refine believes %q", s)
			}
		}
	})
}
