package config

import "github.com/clickgate/clickgate/internal/money"

// Payment is a rate for a part of an offer's conversions (A26.2). What it names
// must all fit; what it leaves empty fits everything. Where several fit, the
// most specific one counts (package price).
type Payment struct {
	// Partners are incremental ids of publishers. A rate that names some is
	// personal and goes before the general ones.
	Partners []int64 `json:"partners,omitempty" doc:"Numbers of the publishers the rate is for; empty is any, and a rate that names some goes before those that do not"`
	// Countries are those of the click, as are all properties of the visitor.
	Countries      []string `json:"countries,omitempty" doc:"ISO country codes the rate is for; empty is any"`
	CountryExclude []string `json:"country_exclude,omitempty" doc:"ISO country codes the rate is not for"`
	// Cities are names as in event rows, whatever the case.
	Cities  []string `json:"cities,omitempty" doc:"Names of the cities the rate is for, whatever the case; empty is any"`
	Devices []string `json:"devices,omitempty" enum:"tablet,desktop,mobile,ipod" doc:"Sorts of devices the rate is for; mobile is every phone, and iPods; empty is any"`
	OS      []string `json:"os,omitempty" enum:"Android,BlackBerry OS,Chrome OS,iOS,Linux,Mac OS X,MeeGo,Other,Symbian OS,Ubuntu,Windows,Windows 10,Windows 11,Windows 7,Windows 8,Windows 8.1,Windows Phone,Windows RT,Windows Vista,Windows XP" doc:"Operating systems the rate is for; Windows is every version of it, Other what has no other name here; empty is any"`
	// Goal is an event of the offer by number, opaque id or name, or the
	// offer's conversion_name for the initial conversion. A goal that the offer
	// does not have fits nothing.
	Goal string `json:"goal,omitempty" maxLength:"100" doc:"Number or name of the event the rate is for, conversion_name or 0 for the initial conversion; empty is any of them"`
	// Total and Revenue are amounts, or percent of the sale; 0 says nothing of
	// that side, which is then left to less specific terms.
	Total   money.Amount `json:"total,omitempty" minimum:"0" doc:"What the advertiser pays: an amount, or percent of the sale; 0 leaves it to less specific terms"`
	Revenue money.Amount `json:"revenue,omitempty" minimum:"0" doc:"What the publisher gets: an amount, or percent of the sale; 0 leaves it to less specific terms"`
	// Currency can only be the one that the offer's amounts are in anyway.
	Currency string `json:"currency,omitempty" doc:"ISO code of the currency, which must be the offer's, else the integration's; empty is that one"`
	Type     string `json:"type" enum:"fixed,percent" doc:"Whether total and revenue are amounts or percent of the sale"`
	URL      string `json:"url,omitempty" doc:"Target of the clicks that the rate is for, instead of the landing page, with macros"`
}
