// Package click holds the one noun of the product: a visitor's click (or
// impression) on its way from the request to the event row. Every package that
// judges, enriches, redirects or writes clicks shares this type; it imports
// nothing of clickgate.
package click

import "net/netip"

// Click is one request of a visitor. Field names follow the report rows (A22).
//
// A Click is pooled, and its strings are views: into the request's buffers,
// into Scratch, or into compiled config and databases. All of them are valid
// until the request's handler returns and not longer; whoever keeps a value
// copies it. Only the edge writes to a Click. Filters read it.
type Click struct {
	Plane   Plane
	Purpose Purpose
	// Trial tells that the click is judged to see what would become of it: it
	// leaves no trace in counters and metrics.
	Trial bool
	// TimeMS is when the request arrived, in unix milliseconds. It is the only
	// clock a filter sees.
	TimeMS int64
	// TxID is the transaction id: 32 lower-case hex digits.
	TxID [32]byte

	// IP is the visitor's address, unmapped (never ::ffff:a.b.c.d).
	IP netip.Addr
	// Host is the request's host without port, lower case.
	Host           string
	UserAgent      string
	Referer        string
	AcceptLanguage string

	// Params are all query parameters, decoded, in the order of the request.
	Params []Param

	// Values of the mapped parameters as they came.
	Advertiser, Offer, Publisher string
	SmartLink                    string
	SubID                        [6]string // sub_id, sub_id_2 .. sub_id_6
	DeviceID, Keyword            string
	LandingPage                  string
	ExternalTransactionID        string
	BundleID, SiteURL            string
	RedirectURL, FallbackURL     string
	Coupon, UserEmail            string
	// UUID is the visitor's id from the cookie; Fingerprint comes from the
	// JavaScript check. Empty when unknown.
	UUID, Fingerprint string

	// Conversion is zero on the other planes.
	Conversion Conversion

	Link   Link
	Geo    Geo
	Device *Device // never nil once enriched
	// Signals are the marks of automation in the request itself.
	Signals SignalSet
	// RefererCategories and SiteCategories are what the lists say about the
	// sites of Referer and SiteURL; CategoriesKnown tells that there are lists.
	RefererCategories, SiteCategories CategorySet
	CategoriesKnown                   bool

	Verdict Verdict

	// Scratch is memory that decoded values live in. Reset keeps its capacity.
	Scratch []byte
}

// Plane is the sort of traffic.
type Plane uint8

// The planes.
const (
	PlaneClick Plane = iota
	PlaneImpression
	PlaneConversion
)

// String is the plane's name in documents and metrics.
func (p Plane) String() string {
	return [...]string{"click", "impression", "conversion"}[p]
}

// Purpose is why a request came. Only visits are counted: by floods, by
// duplicates and for payouts.
type Purpose uint8

// The purposes.
const (
	Visit    Purpose = iota
	Prefetch         // a browser fetching ahead (Sec-Purpose, Purpose, X-Moz)
	Unfurl           // a messenger or social network making a preview
	Head             // a HEAD request: a link checker
)

// String is the value in event rows.
func (p Purpose) String() string {
	switch p {
	case Prefetch:
		return "prefetch"
	case Unfurl:
		return "unfurl"
	case Head:
		return "head"
	}
	return "visit"
}

// PurposeNamed is the purpose of a name; a visit where there is none of it.
func PurposeNamed(name string) Purpose {
	for p := Visit; p <= Head; p++ {
		if p.String() == name {
			return p
		}
	}
	return Visit
}

// Counts tells whether the click may touch counters and earn money.
func (c *Click) Counts() bool { return c.Purpose == Visit && !c.Trial }

// Param is one decoded query parameter. Claimed ones feed a field of the
// click; the others are extra parameters.
type Param struct {
	Name, Value string
	Claimed     bool
}

// Link is what the request resolved to. Its strings belong to the snapshot;
// empty ones were not resolved. IDs are opaque ids, numbers incremental ids.
type Link struct {
	IntegrationID, IntegrationType string
	OrganizationID                 string
	OfferID, OfferName             string
	OfferNumber                    string // incremental id in decimal
	AdvertiserID, AdvertiserName   string
	AdvertiserNumber               string
	PublisherID, PublisherName     string
	PublisherNumber                string
	LandingPageID                  string
	LandingPageNumber              string
	ManagerID                      string
	// OfferRow and PublisherRow are what the parts above put into an event
	// row, encoded once for all clicks: integration, offer and advertiser, and
	// the publisher. Where they are empty a row is made from the parts.
	OfferRow, PublisherRow string
}

// Geo is what is known about the address. Strings belong to the database
// generation and stay valid after it is replaced.
type Geo struct {
	Country     string // ISO 3166-1 alpha-2
	City        string
	State       string // first subdivision
	PostalCode  string
	Timezone    string // IANA name
	Lat, Long   float64
	HasLocation bool // Lat and Long are set
	Network     netip.Prefix
	ASN         uint32
	ISP         string
	// Connection is Cable/DSL, Cellular, Corporate, Satellite or empty.
	Connection string
	// Proxy says what sort of anonymiser the address is, if any.
	Proxy ProxyType
	// ProxyProvider is the name of the anonymiser's operator, where known.
	ProxyProvider string
	// CrawlerListed tells that the address is on a list of crawlers; Crawler is
	// whose, where the list says it. CrawlerLists are the operators that there
	// are lists of.
	CrawlerListed bool
	Crawler       Crawler
	CrawlerLists  CrawlerSet
	// Known flags tell "not in the database" (known) from "no database".
	PlaceKnown, ISPKnown, ProxyKnown bool
}

// ProxyType is the sort of anonymiser behind an address, strongest first.
type ProxyType uint8

// The proxy types.
const (
	NoProxy          ProxyType = iota
	VPN                        // a VPN provider's exit
	Tor                        // a Tor exit node
	PublicProxy                // an open or commercial proxy
	ResidentialProxy           // a proxy on a private line
	Datacenter                 // a hosting provider's address
	OperatorListed             // on the operator's own list
)

var proxyNames = [...]string{"", "VPN", "TOR", "PUB", "RES", "DCH", "LIST"}

// String is the value of proxy_type in event rows; empty for no proxy.
func (p ProxyType) String() string { return proxyNames[p] }

// Device is what a user agent says, and what client hints add. It is immutable;
// one that client hints refined is valid as long as the click.
type Device struct {
	BrowserName, BrowserVersion string
	OSName, OSVersion           string
	// Type is Phone, Tablet, Computer, TV, Bot or Other.
	Type string
	// Brand and Model are known where client hints tell them. To read them out
	// of the user agent takes a parse of its own.
	Brand, Model string
	// Bot tells that the user agent is a program and not a person's browser;
	// BotName says which sign gave it away ("Googlebot", "empty user agent").
	// BotClass is the sort of invalid traffic it is by its user agent alone.
	Bot      bool
	BotName  string
	BotClass BotClass
	// Crawler is the search engine or company that the user agent claims to be.
	Crawler Crawler
	// Unfurler tells that it is a known maker of link previews.
	Unfurler bool
}

// Reset clears c for the next request and keeps its memory.
func (c *Click) Reset() {
	params, scratch := c.Params[:0], c.Scratch[:0]
	*c = Click{Params: params, Scratch: scratch}
}
