package config

import "slices"

// PostbackMacro is a name in braces that stands for a value in the URL, the
// headers and the body of an outgoing call.
type PostbackMacro struct {
	Name string
	// Aliases are other names of the same value.
	Aliases []string
	// Doc says what it stands for.
	Doc string
	// Private values are the network's own: what publishers are sent must not
	// hold them.
	Private bool
	// Platform values are for reports to the platform behind an integration
	// only.
	Platform bool
	// Secret values are never shown.
	Secret bool
}

// PostbackMacros are the macros of outgoing calls: the canonical names
// of parameters, those of redirects, and what only a call knows. Beside
// them {param:NAME} stands for an extra parameter of the request, and {raw:...}
// writes either unencoded. Nobody changes the table.
//
// A value that an event does not have is empty.
var PostbackMacros = []PostbackMacro{
	{Name: "tx_id", Doc: "Id of the click, impression, conversion or event that the call is about"},
	{Name: "click_id", Aliases: []string{"click_tx_id", "transaction_id"}, Doc: "Id of the click, for conversions and events that of the one they belong to"},
	{Name: "idempotency_key", Doc: "The same text in every repetition of the call, and in no other call"},

	{Name: "integration_id", Doc: "Opaque id of the integration"},
	{Name: "offer_id", Aliases: []string{"offer"}, Doc: "Number of the offer"},
	{Name: "offer_name", Doc: "Name of the offer"},
	{Name: "publisher_id", Aliases: []string{"publisher"}, Doc: "Number of the publisher"},
	{Name: "publisher_name", Doc: "Name of the publisher"},
	{Name: "advertiser_id", Aliases: []string{"advertiser"}, Private: true, Doc: "Number of the advertiser"},
	{Name: "advertiser_name", Private: true, Doc: "Name of the advertiser"},
	{Name: "landing_page_id", Doc: "Number of the landing page"},
	{Name: "smart_link_id", Doc: "Number of the smart link that the click came through"},

	{Name: "sub_id", Doc: "First sub id of the click, as it came"},
	{Name: "sub_id_2", Doc: "Second sub id"},
	{Name: "sub_id_3", Doc: "Third sub id"},
	{Name: "sub_id_4", Doc: "Fourth sub id"},
	{Name: "sub_id_5", Doc: "Fifth sub id"},
	{Name: "sub_id_6", Doc: "Sixth sub id"},
	{Name: "external_transaction_id", Doc: "Transaction id of the partner"},
	{Name: "conversion_ref", Doc: "The advertiser's reference of the conversion"},
	{Name: "coupon_code", Doc: "Coupon that was used"},
	{Name: "keyword", Doc: "Keyword of the click"},
	{Name: "bundle_id", Doc: "App of the traffic source"},
	{Name: "app_id", Doc: "App of the advertiser"},
	{Name: "app_version", Doc: "Version of the advertiser's app"},
	{Name: "site_url", Doc: "Page that the impression was shown on"},
	{Name: "referer", Doc: "Page that the click came from"},

	{Name: "device_id", Doc: "Advertising id of the device"},
	{Name: "uuid", Doc: "Id of the visitor"},
	{Name: "user_agent", Doc: "User agent of the visitor"},
	{Name: "browser_languages", Doc: "Languages of the browser"},
	{Name: "click_ip", Aliases: []string{"impression_ip"}, Doc: "Address of the click or impression"},
	{Name: "conversion_ip", Doc: "Address reported with the conversion"},
	{Name: "geo_country", Aliases: []string{"country"}, Doc: "ISO code of the visitor's country"},
	{Name: "geo_city", Aliases: []string{"city"}, Doc: "City of the visitor"},
	{Name: "isp", Doc: "Internet provider of the visitor"},
	{Name: "asn", Doc: "Number of the visitor's autonomous system"},
	{Name: "os", Doc: "Operating system of the visitor"},
	{Name: "os_version", Doc: "Version of the operating system"},
	{Name: "browser", Doc: "Browser of the visitor"},
	{Name: "browser_version", Doc: "Version of the browser"},
	{Name: "device_type", Doc: "Sort of the visitor's device"},

	{Name: "date_time", Doc: "Time of the event in UTC, such as 2026-01-31T12:00:00Z"},
	{Name: "unix_time", Doc: "Time of the event in seconds since 1970"},
	{Name: "click_time", Doc: "Time of the click"},
	{Name: "impression_time", Doc: "Time of the impression"},
	{Name: "conversion_time", Doc: "Time of the conversion"},
	{Name: "session_time", Doc: "Seconds from the click to the conversion"},
	{Name: "begin_install_time", Doc: "Time at which the install began"},
	{Name: "finish_install_time", Doc: "Time at which the install ended"},
	{Name: "random", Doc: "A number that differs each time, against caches"},

	{Name: "status", Doc: "Status of the event"},
	{Name: "rejection_reason", Doc: "Reason code of a rejection, such as BOT"},
	{Name: "third_party_status", Doc: "Status at the other platform"},
	{Name: "third_party_rejected_reason", Doc: "Reason of the other platform for a rejection"},

	{Name: "payout", Doc: "What the publisher gets"},
	{Name: "revenue", Private: true, Doc: "What the advertiser pays"},
	{Name: "purchase_value", Doc: "Value of the order"},
	{Name: "currency", Doc: "Currency of the amounts, such as USD"},
	{Name: "event_id", Aliases: []string{"event"}, Doc: "Number of the offer event; 0 is the initial conversion"},
	{Name: "event_name", Doc: "Name of the offer event"},
	{Name: "goal", Doc: "Name of the offer event, else its number; empty for the initial conversion"},

	{Name: "account_key", Platform: true, Secret: true, Doc: "The integration's account_key"},
}

// postbackMacros finds a macro by its name or an alias.
var postbackMacros = func() map[string]*PostbackMacro {
	found := map[string]*PostbackMacro{}
	for i := range PostbackMacros {
		m := &PostbackMacros[i]
		for _, name := range append([]string{m.Name}, m.Aliases...) {
			found[name] = m
		}
	}
	return found
}()

// postbackUse says where an outgoing call goes, and with that which macros it
// may hold.
type postbackUse uint8

const (
	forNetwork   postbackUse = iota // where the network's own people say
	forPublisher                    // to a publisher, or where one says
	forPlatform                     // to the platform behind an integration
)

// names are the macros that a use has, aliases too, sorted.
func (u postbackUse) names() (names []string) {
	for name, m := range postbackMacros {
		if (!m.Private || u != forPublisher) && (!m.Platform || u == forPlatform) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
