package price

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// visitor is a phone in Cologne.
func visitor(c *click.Click) {
	c.Geo.Country, c.Geo.City = "DE", "Köln"
	c.Device = &click.Device{Type: "Phone", OSName: "iOS", OSVersion: "17.5"}
	c.UserAgent = "Mozilla/5.0 (iPhone)"
}

func TestItemsFit(t *testing.T) {
	device := func(sort, system, version string) func(*click.Click) {
		return func(c *click.Click) {
			c.Device = &click.Device{Type: sort, OSName: system, OSVersion: version}
		}
	}
	place := func(country, city string) func(*click.Click) {
		return func(c *click.Click) { c.Geo.Country, c.Geo.City = country, city }
	}
	ipod := func(c *click.Click) { c.UserAgent = "Mozilla/5.0 (iPod touch)" }
	unknown := func(c *click.Click) { c.Device = nil }
	systems := func(names ...string) config.Payment { return config.Payment{OS: names} }
	for name, tt := range map[string]struct {
		item config.Payment
		of   func(*click.Click)
		fits bool
	}{
		"all of it": {config.Payment{
			Partners: []int64{1, 7}, Countries: []string{"AT", "DE"}, CountryExclude: []string{"CH"}, Cities: []string{"KÖLN"},
			Devices: []string{"mobile"}, OS: []string{"iOS"}, Goal: "0",
		}, nil, true},
		"another partner":         {config.Payment{Partners: []int64{1, 77}}, nil, false},
		"another country":         {config.Payment{Countries: []string{"AT"}}, nil, false},
		"an unknown country":      {config.Payment{Countries: []string{"DE"}}, place("", ""), false},
		"an excluded country":     {config.Payment{CountryExclude: []string{"AT", "DE"}}, nil, false},
		"excluded elsewhere":      {config.Payment{CountryExclude: []string{"AT"}}, nil, true},
		"excluded and unknown":    {config.Payment{CountryExclude: []string{"AT"}}, place("", ""), true},
		"another city":            {config.Payment{Cities: []string{"Berlin"}}, nil, false},
		"another device":          {config.Payment{Devices: []string{"desktop", "tablet"}}, nil, false},
		"a computer":              {config.Payment{Devices: []string{"desktop"}}, device("Computer", "Linux", ""), true},
		"a tablet":                {config.Payment{Devices: []string{"tablet"}}, device("Tablet", "iOS", ""), true},
		"an iPhone is no iPod":    {config.Payment{Devices: []string{"ipod"}}, nil, false},
		"an iPod":                 {config.Payment{Devices: []string{"ipod"}}, ipod, true},
		"an iPod is no computer":  {config.Payment{Devices: []string{"desktop"}}, ipod, false},
		"an unknown sort":         {config.Payment{Devices: []string{"ipod", "mobile"}}, device("", "", ""), false},
		"an unknown device":       {config.Payment{Devices: []string{"mobile"}}, unknown, false},
		"another system":          {systems("Android", "Windows"), nil, false},
		"an unknown system":       {systems("iOS"), unknown, false},
		"iPadOS is iOS":           {systems("iOS"), device("Tablet", "iPadOS", "17"), true},
		"Ubuntu is Linux":         {systems("Linux"), device("Computer", "Ubuntu", ""), true},
		"Linux is not Ubuntu":     {systems("Ubuntu"), device("Computer", "Linux", ""), false},
		"Ubuntu":                  {systems("Ubuntu"), device("Computer", "Ubuntu", ""), true},
		"any Windows":             {systems("Windows"), device("Computer", "Windows", "10"), true},
		"a phone is no Windows":   {systems("Windows"), device("Phone", "Windows Phone", "8.1"), false},
		"Windows Phone":           {systems("Windows Phone"), device("Phone", "Windows Phone", "8.1"), true},
		"Windows 10":              {systems("Windows 10"), device("Computer", "Windows", "10"), true},
		"Windows 10, a build":     {systems("Windows 10"), device("Computer", "Windows", "10.0.19045"), true},
		"Windows 11 is not 10":    {systems("Windows 10"), device("Computer", "Windows", "11"), false},
		"Windows 8.1 is not 8":    {systems("Windows 8"), device("Computer", "Windows", "8.1"), false},
		"Windows 8 is not 8.1":    {systems("Windows 8.1"), device("Computer", "Windows", "8"), false},
		"Windows 8.1":             {systems("Windows 8.1"), device("Computer", "Windows", "8.1"), true},
		"Windows XP":              {systems("Windows XP"), device("Computer", "Windows", "XP"), true},
		"Vista is not XP":         {systems("Windows XP"), device("Computer", "Windows", "Vista"), false},
		"Windows RT":              {systems("Windows RT"), device("Tablet", "Windows", "RT"), true},
		"Windows 8 is not RT":     {systems("Windows RT"), device("Tablet", "Windows", "8"), false},
		"Windows of no version":   {systems("Windows 7"), device("Computer", "Windows", ""), false},
		"a Mac's 10 is not 10":    {systems("Windows 10"), device("Computer", "Mac OS X", "10"), false},
		"another one":             {systems("Other"), device("Computer", "FreeBSD", ""), true},
		"no system":               {systems("Other"), unknown, true},
		"iOS is not another":      {systems("Other"), nil, false},
		"a Linux is not another":  {systems("Other"), device("Computer", "Debian", "12"), false},
		"a name beyond all names": {systems("iOS"), device("Phone", "iOSiOSiOSiOSiOSiOSiOSiOSiOSiOSiOSiOS", ""), false},
		"a goal":                  {config.Payment{Goal: "3"}, event("3"), true},
		"a goal by id":            {config.Payment{Goal: "lead-id"}, event("3"), true},
		"a goal by name":          {config.Payment{Goal: "lead signup"}, event("3"), true},
		"the lower of two names":  {config.Payment{Goal: "Lead signup"}, event("4"), false},
		"another goal":            {config.Payment{Goal: "3"}, event("4"), false},
		"a goal of an initial":    {config.Payment{Goal: "3"}, nil, false},
		"the initial conversion":  {config.Payment{Goal: "0"}, nil, true},
		"the initial by its name": {config.Payment{Goal: "sale"}, nil, true},
		"an event is no initial":  {config.Payment{Goal: "0"}, event("3"), false},
		"no such goal":            {config.Payment{Goal: "x"}, event("3"), false},
		"any goal":                {config.Payment{}, event("3"), true},
	} {
		tt.item.Type, tt.item.Revenue = "fixed", m("1")
		events := []*config.OfferEvent{{IncrementalID: 4, Name: "Lead Signup"}, {IncrementalID: 3, Name: " Lead Signup"}, {IncrementalID: 5, Name: "lead signup"}}
		events[1].ID = "lead-id"
		terms := Compile(&config.Offer{ConversionName: "Sale", Payments: []config.Payment{tt.item}}, &config.Amounts{}, events, nil)
		c := conversion(visitor)
		if tt.of != nil {
			tt.of(c)
		}
		if fits := terms.Price(c).Payout == m("1"); fits != tt.fits {
			t.Errorf("%s: fits %t, want %t", name, fits, tt.fits)
		}
	}
}

// Of the items that fit, which one counts.
func TestMostSpecific(t *testing.T) {
	partner := config.Payment{Partners: []int64{7}}
	goal := config.Payment{Goal: "0"}
	country, city := config.Payment{Countries: []string{"DE"}}, config.Payment{Cities: []string{"Köln"}}
	device, system := config.Payment{Devices: []string{"mobile"}}, config.Payment{OS: []string{"iOS"}}
	deviceSystem := config.Payment{Devices: []string{"mobile"}, OS: []string{"iOS"}}
	most := config.Payment{Goal: "0", Countries: []string{"DE"}, Cities: []string{"Köln"}, Devices: []string{"mobile"}, OS: []string{"iOS"}}
	excluding, plain := config.Payment{CountryExclude: []string{"CH"}}, config.Payment{}
	for name, tt := range map[string]struct{ less, more config.Payment }{
		"personal before all others":         {most, partner},
		"personal and a country":             {partner, config.Payment{Partners: []int64{7}, Countries: []string{"DE"}}},
		"two dimensions before one":          {goal, deviceSystem},
		"goal before country":                {country, goal},
		"country before city":                {city, country},
		"city before device":                 {device, city},
		"device before system":               {system, device},
		"system before nothing":              {plain, system},
		"an exclusion is less than a system": {excluding, system},
	} {
		for _, order := range [][]config.Payment{{tt.less, tt.more}, {tt.more, tt.less}} {
			list := make([]config.Payment, 2)
			copy(list, order)
			want := "payment item 1"
			for i := range list {
				list[i].Type, list[i].Revenue, list[i].URL = "fixed", m("1"), "https://a.example/"
				if i == 1 && specificityOf(list[1]) == specificityOf(tt.more) {
					want = "payment item 2"
				}
			}
			terms := Compile(&config.Offer{Payments: list}, &config.Amounts{}, nil, nil)
			c := conversion(visitor)
			if got := terms.Price(c).PayoutBy; got != want {
				t.Errorf("%s: %s counts, want %s", name, got, want)
			}
			c.Plane = click.PlaneClick
			if at, ok := terms.Target(c); !ok || at+1 != int(want[len(want)-1]-'0') {
				t.Errorf("%s: clicks go to item %d (%t), want %s", name, at+1, ok, want)
			}
		}
	}
	list := []config.Payment{{Type: "fixed", Revenue: m("1")}, {CountryExclude: []string{"CH"}, Type: "fixed", Revenue: m("2")}}
	if got := Compile(&config.Offer{Payments: list}, &config.Amounts{}, nil, nil).Price(conversion(visitor)); got.PayoutBy != "payment item 1" {
		t.Errorf("of equals %s counts, want the first", got.PayoutBy)
	}
}

func specificityOf(p config.Payment) uint16 {
	return newItems(&config.Offer{Payments: []config.Payment{p}}, nil)[0].rank
}

func TestTarget(t *testing.T) {
	offer := &config.Offer{Payments: []config.Payment{
		{Countries: []string{"DE"}, Type: "fixed", Total: m("1")},
		{Type: "fixed", URL: "https://a.example/"},
		{Goal: "5", Type: "fixed", URL: "https://b.example/"},
		{Countries: []string{"AT"}, Type: "fixed", URL: "https://c.example/"},
	}}
	events := []*config.OfferEvent{{IncrementalID: 5}}
	terms := Compile(offer, &config.Amounts{}, events, nil)
	if at, ok := terms.Target(conversion(visitor, onPlane(click.PlaneClick))); at != 1 || !ok {
		t.Errorf("a click goes to item %d (%t), want 1", at, ok)
	}
	offer.Payments[1].Countries = []string{"FR"}
	terms = Compile(offer, &config.Amounts{}, events, nil)
	if at, ok := terms.Target(conversion(visitor, onPlane(click.PlaneClick))); ok {
		t.Errorf("a click goes to item %d, want none", at)
	}
	if _, ok := (*Terms)(nil).Target(conversion()); ok {
		t.Error("no terms have a target")
	}
}
