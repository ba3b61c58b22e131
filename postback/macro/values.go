package macro

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
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
	*config.PostbackMacro
	value func(*Values) string
	// status tells that the value depends on the status of the event.
	status bool
}

// Why a macro may not be used.
var (
	errPrivate  = errors.New("is the network's own; what goes to a publisher must not tell it")
	errPlatform = errors.New("is for the platform behind an integration only")
)

func (m *macro) refusedIn(use Use) error {
	switch {
	case m.Platform && use != ForPlatform:
		return errPlatform
	case m.Private && use == ForPublisher:
		return errPrivate
	}
	return nil
}

// values are what the macros of config.PostbackMacros stand for.
var values = map[string]func(*Values) string{
	"tx_id":           text("tx_id"),
	"click_id":        clickID,
	"idempotency_key": func(v *Values) string { return v.Key },

	"integration_id":  text("integration_id"),
	"offer_id":        text("offer_id", "real_offer_id"),
	"offer_name":      text("offer"),
	"publisher_id":    publisherID,
	"publisher_name":  text("publisher"),
	"advertiser_id":   text("advertiser_id", "real_advertiser"),
	"advertiser_name": text("advertiser", "advertiser_name"),
	"landing_page_id": text("landing_page_id"),
	"smart_link_id":   text("smart_link_id"),

	// The sub id as it came: rows put a word in the place of an invalid one.
	"sub_id":                  text("invalid_sub_id", "sub_id"),
	"sub_id_2":                text("sub_id_2"),
	"sub_id_3":                text("sub_id_3"),
	"sub_id_4":                text("sub_id_4"),
	"sub_id_5":                text("sub_id_5"),
	"sub_id_6":                text("sub_id_6"),
	"external_transaction_id": text("external_transaction_id"),
	"conversion_ref":          text("conversion_ref"),
	"coupon_code":             text("coupon_code"),
	"keyword":                 text("keyword"),
	"bundle_id":               text("bundle_id"),
	"app_id":                  text("app_id"),
	"app_version":             text("app_version"),
	"site_url":                text("site_url"),
	"referer":                 text("referer"),

	"device_id":         text("device_id"),
	"uuid":              text("uuid"),
	"user_agent":        text("user_agent"),
	"browser_languages": text("browser_language"),
	"click_ip":          text("click_ip"),
	"conversion_ip":     text("conversion_ip"),
	"geo_country":       text("country"),
	"geo_city":          text("city"),
	"isp":               text("isp"),
	"asn":               text("asn"),
	"os":                text("os_name"),
	"os_version":        text("os_version"),
	"browser":           text("browser_name"),
	"browser_version":   text("browser_version"),
	"device_type":       text("device_type"),

	// The time of the event in UTC, as 2006-01-02T15:04:05Z and as seconds.
	"date_time":           func(v *Values) string { return clock(v).Format(time.RFC3339) },
	"unix_time":           func(v *Values) string { return strconv.FormatInt(clock(v).Unix(), 10) },
	"click_time":          clickTime,
	"impression_time":     text("request_time"),
	"conversion_time":     text("conversion_time", "request_time"),
	"session_time":        text("session_time"),
	"begin_install_time":  text("begin_install_time"),
	"finish_install_time": text("finish_install_time"),
	// A number that differs each time, against caches.
	"random": func(v *Values) string { return strconv.FormatUint(v.Random, 10) },

	"status":                      status,
	"rejection_reason":            text("rejected_simple_reason", "rejected_primary_reason"),
	"third_party_status":          text("third_party_status"),
	"third_party_rejected_reason": text("third_party_rejection_reason"),

	// Amounts are as exact as rows write them, which leave out those of 0.
	"payout":         amount("payout"),
	"revenue":        amount("revenue"),
	"purchase_value": amount("purchase_value"),
	"currency":       text("currency"),
	// 0 is the initial conversion.
	"event_id":   amount("event_id"),
	"event_name": text("event_name"),
	"goal":       goal,

	"account_key": func(v *Values) string { return v.AccountKey },
}

// byName finds a macro by its name or alias. A macro that the config knows has
// a value here, and the other way round.
var byName = func() map[string]*macro {
	found := make(map[string]*macro)
	for i := range config.PostbackMacros {
		known := &config.PostbackMacros[i]
		m := &macro{PostbackMacro: known, value: values[known.Name], status: known.Name == "status" || known.Name == "rejection_reason"}
		if m.value == nil {
			panic("BUG: the macro " + known.Name + " has no value")
		}
		for _, name := range append([]string{known.Name}, known.Aliases...) {
			found[name] = m
		}
	}
	for name := range values {
		if found[name] == nil {
			panic("BUG: the config does not know the macro " + name)
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
