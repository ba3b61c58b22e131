package main

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"

	"github.com/clickgate/clickgate/edge/device/uap/uatest"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// clickRows makes the rows of a network's clicks: 200 offers, 2,000
// publishers, visitors of six countries with browsers of today, sub ids and a
// publisher's own id of the click. The id of every one is known from its
// number, so that any of them can be asked for.
type clickRows struct {
	rand    *rand.Rand
	startMS int64
	perMS   int
	browser []browser
	click   click.Click
}

// browser is a user agent that several visitors have.
type browser struct {
	agent  string
	device click.Device
}

func newClickRows(startMS int64, perMS int) *clickRows {
	r := &clickRows{rand: rand.New(rand.NewPCG(1, 2)), startMS: startMS, perMS: perMS}
	for range 20_000 {
		r.browser = append(r.browser, browser{
			agent: uatest.Modern(r.rand),
			device: click.Device{
				BrowserName: pick(r.rand, "Chrome", "Mobile Safari", "Firefox"), BrowserVersion: strconv.Itoa(120+r.rand.IntN(30)) + ".0",
				OSName: pick(r.rand, "Android", "iOS", "Windows"), OSVersion: strconv.Itoa(10 + r.rand.IntN(9)), Type: pick(r.rand, "Phone", "Computer"),
			},
		})
	}
	return r
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

// id is the id of the click of a number.
func (r *clickRows) id(n int) (id [32]byte) {
	var raw [16]byte
	ms := r.startMS + int64(n/r.perMS)
	mix := uint64(n)*0x9e3779b97f4a7c15 + 1
	mix = (mix ^ mix>>31) * 0xbf58476d1ce4e5b9
	binary.BigEndian.PutUint64(raw[:], uint64(ms)<<16|mix>>60)
	binary.BigEndian.PutUint64(raw[8:], uint64(n%r.perMS)<<48|mix&(1<<48-1))
	hex.Encode(id[:], raw[:])
	return id
}

// append appends the row of the click of a number.
func (r *clickRows) append(dst []byte, n int) []byte {
	c := &r.click
	x := r.rand
	offer, publisher := x.IntN(200)+1, x.IntN(2000)+1
	b := &r.browser[min(x.IntN(len(r.browser)), x.IntN(len(r.browser)))]
	ip := netip.AddrFrom4([4]byte{byte(x.IntN(200) + 20), byte(x.IntN(256)), byte(x.IntN(256)), byte(x.IntN(256))})
	network, _ := ip.Prefix(20)
	*c = click.Click{
		TxID: r.id(n), TimeMS: r.startMS + int64(n/r.perMS), IP: ip, UserAgent: b.agent, Device: &b.device,
		AcceptLanguage: pick(x, "en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "fr-FR", "en-GB,en;q=0.9"),
		Offer:          strconv.Itoa(offer), Publisher: strconv.Itoa(publisher),
		SubID:                 [6]string{"src-" + strconv.Itoa(x.IntN(5000)), pick(x, "search", "social", "mail", "push"), strconv.Itoa(x.IntN(100_000))},
		ExternalTransactionID: fmt.Sprintf("%016x", x.Uint64()),
		Referer:               "https://site-" + strconv.Itoa(x.IntN(3000)) + ".example/articles/" + strconv.Itoa(x.IntN(100_000)),
		UUID:                  fmt.Sprintf("%016x%016x", x.Uint64(), x.Uint64()),
		Params:                []click.Param{{Name: "utm_campaign", Value: "c" + strconv.Itoa(x.IntN(500))}},
		Link: click.Link{
			IntegrationID: "6f1d7a3c5e8b4d20", IntegrationType: "Direct", OrganizationID: "1a2b3c4d5e6f7a8b",
			OfferID: fmt.Sprintf("offer%011x", offer*7919), OfferName: "Offer " + strconv.Itoa(offer), OfferNumber: strconv.Itoa(offer),
			AdvertiserID: fmt.Sprintf("advertiser%06x", offer%40*7919), AdvertiserName: "Advertiser " + strconv.Itoa(offer%40),
			AdvertiserNumber: strconv.Itoa(offer % 40), PublisherID: fmt.Sprintf("publisher%07x", publisher*7919),
			PublisherName: "Publisher " + strconv.Itoa(publisher), PublisherNumber: strconv.Itoa(publisher),
			LandingPageID: "lp" + strconv.Itoa(offer), LandingPageNumber: strconv.Itoa(offer),
		},
		Geo: click.Geo{
			Country: pick(x, "US", "DE", "FR", "GB", "BR", "IN"), City: pick(x, "Berlin", "Paris", "London", "New York", "Mumbai", "Recife"),
			Lat: float64(x.IntN(900_000)) / 1e4, Long: float64(x.IntN(900_000)) / 1e4, HasLocation: true,
			Network: network, ASN: uint32(x.IntN(3000) + 1000), ISP: "Carrier " + strconv.Itoa(x.IntN(3000)),
		},
	}
	if x.IntN(10) < 6 { // new here: the cookie names the first click
		c.UUID = string(c.TxID[:])
	}
	c.Verdict.FilterGroupID = "5a6b7c8d9e0f1a2b"
	for _, f := range [...]click.Filter{click.FilterBot, click.FilterVPN, click.FilterDuplicateUser, click.FilterISP} {
		c.Verdict.Passed = c.Verdict.Passed.With(f)
	}
	return events.AppendRow(dst, c, events.Meta{ConfigVersion: "1042", Node: "edge-" + strconv.Itoa(n%4), Region: "eu-west"})
}
