package edge

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/clickgate/clickgate/config"
)

// manyOffers offers with a landing page each, and a tenth as many filter
// groups, are the set that reloads are held to.
const manyOffers = 100_000

// bigDocuments are those of the big set. Every offer has a fallback on a host of
// its own, which is the worst case for the hosts that links may name.
func bigDocuments(b *testing.B) (documents []config.Document) {
	first, problems := config.Decode("base.yaml", []byte(base))
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	documents = append(documents, first...)
	meta := func(kind string, n int) config.Meta {
		return config.Meta{ID: kind + "-" + strconv.Itoa(n), Organization: "org"}
	}
	for n := 10; n < manyOffers+10; n++ {
		o := &config.Offer{
			Meta: meta("offer", n), Integration: "main", IncrementalID: int64(n), ExternalID: fmt.Sprint("EXT-B-", n),
			Name: fmt.Sprint("Offer ", n), AdvertiserID: 1, Active: true, FallbackURL: fmt.Sprintf("https://f%d.example/?tx={tx_id}", n),
		}
		page := &config.LandingPage{
			Meta: meta("page", n), Offer: o.ID, IncrementalID: int64(n), Name: "Page", Active: true,
			RedirectURL: fmt.Sprintf("https://shop.example/%d?click={click_id}", n),
		}
		documents = append(documents, o, page)
	}
	for n := range manyOffers / 10 {
		documents = append(documents, &config.FilterGroup{
			Meta: meta("group", n), Integration: "main", Name: "Group", Active: true, Priority: int64(n + 1),
			OfferIDs: []string{strconv.Itoa(n + 10)}, Filters: []config.Filter{{Type: "BOT", Target: config.PlaneClick}},
		})
	}
	return documents
}

func bigRig(b *testing.B) (*rig, *config.Set) {
	s, problems := config.NewSet(bigDocuments(b)...)
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	r := newRig(b)
	if err := r.Apply(s, 1, nil); err != nil {
		b.Fatal(err)
	}
	return r, s
}

// BenchmarkApplyAll is what the config at a start costs here.
func BenchmarkApplyAll(b *testing.B) {
	r, s := bigRig(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Apply(s, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply is what one changed document among 100,000 offers costs.
func BenchmarkApply(b *testing.B) {
	r, s := bigRig(b)
	version := uint64(1)
	for name, change := range map[string]func(n int) config.Document{
		"offer": func(n int) config.Document {
			o := *get[*config.Offer](s, config.KindOffer, "offer-500")
			o.Name = fmt.Sprint("Renamed ", n)
			return &o
		},
		"offer with another host": func(n int) config.Document {
			o := *get[*config.Offer](s, config.KindOffer, "offer-600")
			o.FallbackURL = fmt.Sprintf("https://again%d.example/", n)
			return &o
		},
		"landing page": func(n int) config.Document {
			p := *get[*config.LandingPage](s, config.KindLandingPage, "page-500")
			p.RedirectURL = fmt.Sprintf("https://shop.example/changed/%d", n)
			return &p
		},
		"filter group": func(n int) config.Document {
			g := *get[*config.FilterGroup](s, config.KindFilterGroup, "group-500")
			g.OfferIDs = []string{strconv.Itoa(10 + n%1000)}
			return &g
		},
		"publisher": func(n int) config.Document {
			p := *get[*config.Publisher](s, config.KindPublisher, "pub")
			p.Name = fmt.Sprint("Renamed ", n)
			return &p
		},
		// All offers are compiled anew for it.
		"integration": func(n int) config.Document {
			in := *get[*config.Integration](s, config.KindIntegration, "main")
			in.Name = fmt.Sprint("Renamed ", n)
			return &in
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				version++
				doc := change(int(version))
				s = s.With([]config.Document{doc}, nil)
				s.Referrers(doc.Key()) // validation has made the index
				b.StartTimer()
				if err := r.Apply(s, version, []config.Key{doc.Key()}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func get[T config.Document](s *config.Set, kind config.Kind, id string) T {
	doc, _ := s.Get(config.Key{Kind: kind, ID: id})
	return doc.(T)
}
