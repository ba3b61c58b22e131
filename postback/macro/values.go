package macro

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/events"
)

// Values are what macros stand for in one call.
type Values struct {
	// Row is the event that the call is about.
	Row events.Row
	// PublisherNumber is the incremental id of the row's publisher, which rows
	// leave out; empty where it is not known.
	PublisherNumber string
	// Key is the call's idempotency key.
	Key string
	// AccountKey is the integration's key for the platform behind it.
	AccountKey string
	// Random is what {random} writes.
	Random uint64
}

// macro is a name in braces and what it stands for.
type macro struct {
	name    string
	aliases []string
	value   func(*Values) string
	// secret values are never shown; private ones are not for publishers;
	// platform ones are for reports to the platform behind only.
	secret, private, platform bool
	// status tells that the value depends on the status of the event.
	status bool
}

// Why a macro may not be used.
var (
	errPrivate  = errors.New("is the network's own; a postback that a publisher made may not tell it")
	errPlatform = errors.New("is for reports to the platform behind an integration only")
)

func (m *macro) refusedIn(use Use) error {
	switch {
	case m.platform && use != ForPlatform:
		return errPlatform
	case m.private && use == ForPublisher:
		return errPrivate
	}
	return nil
}

// macros are all there are: the canonical names of parameters,
// those of redirects, and what only a call knows.
var macros = []macro{
	{name: "tx_id", value: text("tx_id")},
	{name: "click_id", aliases: []string{"click_tx_id", "transaction_id"}, value: clickID},
	{name: "idempotency_key", value: func(v *Values) string { return v.Key }},

	{name: "integration_id", value: text("integration_id")},
	{name: "offer_id", aliases: []string{"offer"}, value: text("offer_id", "real_offer_id")},
	{name: "offer_name", value: text("offer")},
	{name: "publisher_id", aliases: []string{"publisher"}, value: publisherID},
	{name: "publisher_name", value: text("publisher")},
	{name: "advertiser_id", aliases: []string{"advertiser"}, private: true, value: text("advertiser_id", "real_advertiser")},
	{name: "advertiser_name", private: true, value: text("advertiser", "advertiser_name")},
	{name: "landing_page_id", value: text("landing_page_id")},
	{name: "smart_link_id", value: text("smart_link_id")},

	// The sub id as it came: rows put a word in the place of an invalid one.
	{name: "sub_id", value: text("invalid_sub_id", "sub_id")},
	{name: "sub_id_2", value: text("sub_id_2")},
	{name: "sub_id_3", value: text("sub_id_3")},
	{name: "sub_id_4", value: text("sub_id_4")},
	{name: "sub_id_5", value: text("sub_id_5")},
	{name: "sub_id_6", value: text("sub_id_6")},
	{name: "external_transaction_id", value: text("external_transaction_id")},
	{name: "conversion_ref", value: text("conversion_ref")},
	{name: "coupon_code", value: text("coupon_code")},
	{name: "keyword", value: text("keyword")},
	{name: "bundle_id", value: text("bundle_id")},
	{name: "app_id", value: text("app_id")},
	{name: "app_version", value: text("app_version")},
	{name: "site_url", value: text("site_url")},
	{name: "referer", value: text("referer")},

	{name: "device_id", value: text("device_id")},
	{name: "uuid", value: text("uuid")},
	{name: "user_agent", value: text("user_agent")},
	{name: "browser_languages", value: text("browser_language")},
	{name: "click_ip", aliases: []string{"impression_ip"}, value: text("click_ip")},
	{name: "conversion_ip", value: text("conversion_ip")},
	{name: "geo_country", aliases: []string{"country"}, value: text("country")},
	{name: "geo_city", aliases: []string{"city"}, value: text("city")},
	{name: "isp", value: text("isp")},
	{name: "asn", value: text("asn")},
	{name: "os", value: text("os_name")},
	{name: "os_version", value: text("os_version")},
	{name: "browser", value: text("browser_name")},
	{name: "browser_version", value: text("browser_version")},
	{name: "device_type", value: text("device_type")},

	// The time of the event in UTC, as 2006-01-02T15:04:05Z and as seconds.
	{name: "date_time", value: func(v *Values) string { return clock(v).Format(time.RFC3339) }},
	{name: "unix_time", value: func(v *Values) string { return strconv.FormatInt(clock(v).Unix(), 10) }},
	{name: "click_time", value: clickTime},
	{name: "impression_time", value: text("request_time")},
	{name: "conversion_time", value: text("conversion_time", "request_time")},
	{name: "session_time", value: text("session_time")},
	{name: "begin_install_time", value: text("begin_install_time")},
	{name: "finish_install_time", value: text("finish_install_time")},
	// A number that differs each time, against caches.
	{name: "random", value: func(v *Values) string { return strconv.FormatUint(v.Random, 10) }},

	{name: "status", status: true, value: status},
	{name: "rejection_reason", status: true, value: text("rejected_simple_reason", "rejected_primary_reason")},
	{name: "third_party_status", value: text("third_party_status")},
	{name: "third_party_rejected_reason", value: text("third_party_rejection_reason")},

	// Amounts are as exact as rows write them, which leave out those of 0.
	{name: "payout", value: amount("payout")},
	{name: "revenue", private: true, value: amount("revenue")},
	{name: "purchase_value", value: amount("purchase_value")},
	{name: "currency", value: text("currency")},
	// 0 is the initial conversion.
	{name: "event_id", aliases: []string{"event"}, value: amount("event_id")},
	{name: "event_name", value: text("event_name")},
	{name: "goal", value: goal},

	{name: "account_key", secret: true, platform: true, value: func(v *Values) string { return v.AccountKey }},
}

// byName finds a macro by its name or alias.
var byName = func() map[string]*macro {
	found := make(map[string]*macro)
	for i := range macros {
		m := &macros[i]
		for _, name := range append([]string{m.name}, m.aliases...) {
			if found[name] != nil {
				panic("BUG: two macros are called " + name)
			}
			found[name] = m
		}
	}
	return found
}()

// Names lists the macros that a template of a use may have, aliases too,
// sorted. {param:NAME} comes on top of them.
func Names(use Use) []string {
	var names []string
	for name, m := range byName {
		if m.refusedIn(use) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// text is the first of some fields of the row that has a value.
func text(fields ...string) func(*Values) string {
	return func(v *Values) string {
		for _, field := range fields {
			if value := v.Row.Text(field); value != "" {
				return value
			}
		}
		return ""
	}
}

// amount is a number of the row, 0 where it has none.
func amount(field string) func(*Values) string {
	return func(v *Values) string { return cmp.Or(v.Row.Text(field), "0") }
}

// clickID is the id of the click: the row's own, or that of the click a
// conversion belongs to. A conversion without a click has none.
func clickID(v *Values) string {
	if v.Row.Kind == events.Click || v.Row.Kind == events.Impression {
		return v.Row.Text("tx_id")
	}
	return v.Row.Text("click_tx_id")
}

func publisherID(v *Values) string {
	return cmp.Or(v.PublisherNumber, v.Row.Text("real_publisher"))
}

func clickTime(v *Values) string {
	if v.Row.Kind == events.Click {
		return v.Row.Text("request_time")
	}
	return v.Row.Text("click_time")
}

// clock is when the event happened; the row's own time, to the second.
func clock(v *Values) time.Time {
	at, err := time.Parse(time.RFC3339Nano, v.Row.Text("request_time"))
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	return at.UTC()
}

func status(v *Values) string { return strings.ToLower(v.Row.Text("status")) }

// goal is the name of the event, or else its number; the initial conversion
// has none.
func goal(v *Values) string {
	if number := v.Row.Text("event_id"); number != "0" {
		return cmp.Or(v.Row.Text("event_name"), number)
	}
	return ""
}

// param is the first value that the request's extra parameter had.
func (v *Values) param(name string) string {
	var extra struct {
		Keys   []string `json:"keys"`
		Values []string `json:"values"`
	}
	if json.Unmarshal([]byte(v.Row.Text("extra_params")), &extra) != nil {
		return ""
	}
	for i := range min(len(extra.Keys), len(extra.Values)) {
		if extra.Keys[i] == name && extra.Values[i] != "" {
			return extra.Values[i]
		}
	}
	return ""
}
