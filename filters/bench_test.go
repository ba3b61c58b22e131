package filters

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/click"
)

// strangers gives a click another address and visitor id each time, so that
// counters meet new keys as they do in traffic.
type strangers struct {
	click *click.Click
	n     uint32
}

func (s *strangers) next() *click.Click {
	s.n++
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], s.n*2654435761)
	s.click.IP = netip.AddrFrom4(ip)
	s.click.TimeMS++
	return s.click
}

// busy is a click that gives every filter something to do.
func busy(plane click.Plane) *click.Click {
	return visitor(func(c *click.Click) {
		c.Plane = plane
		c.DeviceID, c.Keyword = "6d92078a-8246-4ba4-ae5b-76104861e7dc", "running shoes"
		c.Referer, c.SiteURL, c.CategoriesKnown = "https://blog.example/2026/11/the-best-shoes?utm_source=news", "https://site.example/page", true
		c.Params = []click.Param{{Name: "offer_id", Value: "1", Claimed: true}, {Name: "publisher_id", Value: "2", Claimed: true}, {Name: "source", Value: "news"}}
		c.Device = &click.Device{BrowserName: "Chrome Mobile", BrowserVersion: "138.0", OSName: "Android", OSVersion: "15"}
		c.Conversion = click.Conversion{ClickTimeMS: c.TimeMS - day, BeginInstallMS: c.TimeMS - hour, FinishInstallMS: c.TimeMS - hour/2, ThirdPartyReason: "cap reached"}
	})
}

func benchEnv() Env {
	return Env{Plane: click.PlaneClick, Scope: "bench", State: state.NewMemory(state.Options{Keys: 1 << 20})}
}

func BenchmarkFilters(b *testing.B) {
	for _, typ := range Types() {
		b.Run(typ.Code, func(b *testing.B) {
			env := benchEnv()
			env.Plane = typ.Planes[0]
			f, problems := typ.New(config.Raw(typ.Example), env)
			if problems != nil {
				b.Fatal(problems)
			}
			s := &strangers{click: busy(env.Plane)}
			b.ReportAllocs()
			for b.Loop() {
				f.Check(s.next())
			}
		})
	}
}

func BenchmarkJudge(b *testing.B) {
	chains, problems := CompileGroup(examples(), benchEnv())
	if problems.Any() {
		b.Fatal(problems)
	}
	chain := chains[click.PlaneClick]
	s := &strangers{click: busy(click.PlaneClick)}
	b.ReportAllocs()
	for b.Loop() {
		c := s.next()
		c.Verdict = click.Verdict{}
		Judge(c, &c.Verdict, chain, nil)
	}
}
