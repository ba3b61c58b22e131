package serve

import (
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/postback/match"
)

// noTxID is the id of events that never were.
var noTxID = strings.Repeat("0", 32)

// fields are those of a row.
type fields map[string]any

// sample makes up an event that fires a document, if there can be one. Nobody
// takes its values for true: ids are zeros, the currency is the one that ISO
// 4217 keeps for tests, addresses are those for documentation.
func sample(set *config.Set, d config.Document, trial *match.Trial, now time.Time) events.Row {
	known := maps.Clone(made)
	known["request_time"], known["conversion_time"] = events.FormatTime(now), events.FormatTime(now)
	known["click_time"] = events.FormatTime(now.Add(-time.Minute))
	maps.Copy(known, owned(set, d))
	var first events.Row
	for _, kind := range trial.Kinds() {
		for _, status := range click.Statuses() {
			row := rowOf(kind, status, known)
			if trial.Matches(row) {
				return row
			}
			if first.Line == nil {
				first = row
			}
		}
	}
	return first
}

// made are the values that all samples have.
var made = fields{
	"tx_id": noTxID, "click_tx_id": noTxID, "session_time": 60, "payout": 1.23, "revenue": 2.34, "purchase_value": 12.34, "currency": "XTS",
	"offer": "Test offer", "offer_id": "0", "publisher": "Test publisher", "real_publisher": "0", "advertiser": "Test advertiser", "advertiser_id": "0",
	"sub_id": "test", "sub_id_2": "test-2", "sub_id_3": "test-3", "sub_id_4": "test-4", "sub_id_5": "test-5", "sub_id_6": "test-6",
	"external_transaction_id": "test-transaction", "conversion_ref": "test-reference", "coupon_code": "TEST", "keyword": "test", "landing_page_id": "0",
	"device_id": "00000000-0000-0000-0000-000000000000", "uuid": noTxID, "user_agent": "clickgate-test", "browser_language": []string{"en"},
	"click_ip": "192.0.2.1", "conversion_ip": "192.0.2.2", "country": "XX", "city": "Testville", "isp": "Test provider", "asn": "0",
	"os_name": "Test OS", "os_version": "0", "browser_name": "Test browser", "browser_version": "0", "device_type": "Other",
	"app_id": "test.app", "app_version": "0", "bundle_id": "test.bundle", "site_url": "https://example.com/test", "referer": "https://example.com/test",
}

// rowOf is a sample in one status.
func rowOf(kind events.Kind, status click.Status, known fields) events.Row {
	all := maps.Clone(known)
	all["status"] = status.String()
	if status == click.Rejected {
		reason := cmp.Or(text(all["rejection"]), "TEST")
		all["rejected_simple_reason"], all["rejected_primary_reason"], all["rejections"] = reason, reason, []string{reason}
	}
	delete(all, "rejection")
	if kind == events.Conversion {
		delete(all, "event_db_id")
		delete(all, "event_name")
		all["event_id"] = 0
	}
	line, err := json.Marshal(all)
	if err != nil {
		panic("BUG: a sample has no JSON: " + err.Error())
	}
	row, err := events.DecodeRow(kind, line)
	if err != nil {
		panic("BUG: a sample is no row: " + err.Error())
	}
	return row
}

func text(v any) string { s, _ := v.(string); return s }

// owned are the values by which a sample is one of those that a document is
// about.
func owned(set *config.Set, d config.Document) fields {
	f := fields{"organization_id": config.MetaOf(d).Organization, "event_id": 0}
	switch d := d.(type) {
	case *config.PostbackManager:
		f["integration_id"] = d.Integration
		maps.Copy(f, publisherOf(byEither(set, config.KindPublisher, d.Filters.PublisherID)))
		maps.Copy(f, offerOf(byEither(set, config.KindOffer, d.Filters.OfferID)))
		maps.Copy(f, eventOf(byEither(set, config.KindOfferEvent, d.Filters.EventID), d.Filters.EventID))
		if len(d.Filters.RejectionReasons) > 0 {
			f["rejection"] = d.Filters.RejectionReasons[0]
		}
	case *config.PublisherPostback:
		publisher, _ := set.ByNumber(config.KindPublisher, d.PublisherIncrementalID)
		maps.Copy(f, publisherOf(publisher))
		offer, _ := set.ByNumber(config.KindOffer, d.OfferIncrementalID)
		maps.Copy(f, offerOf(offer))
		maps.Copy(f, eventOf(nil, d.Goal))
	case *config.Integration:
		f["integration_id"] = d.ID
		if len(d.ConversionThirdPartySyncOfferIDs) > 0 {
			maps.Copy(f, offerOf(byEither(set, config.KindOffer, d.ConversionThirdPartySyncOfferIDs[0])))
		}
	case *config.Offer:
		maps.Copy(f, offerOf(d))
	}
	return f
}

// byEither finds a document by its id or number; nil for none.
func byEither(set *config.Set, kind config.Kind, name string) config.Document {
	if doc, ok := set.Get(config.Key{Kind: kind, ID: name}); ok {
		return doc
	}
	number, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return nil
	}
	doc, _ := set.ByNumber(kind, number)
	return doc
}

func publisherOf(doc config.Document) fields {
	d, ok := doc.(*config.Publisher)
	if !ok {
		return nil
	}
	return fields{"publisher_db_id": d.ID, "publisher": d.Name, "real_publisher": strconv.FormatInt(d.IncrementalID, 10)}
}

func offerOf(doc config.Document) fields {
	d, ok := doc.(*config.Offer)
	if !ok {
		return nil
	}
	return fields{"offer_db_id": d.ID, "offer_id": strconv.FormatInt(d.IncrementalID, 10), "offer": d.Name, "integration_id": d.Integration}
}

// eventOf names the event that a filter asks for: one of the config's, or
// whatever a number or name there is.
func eventOf(doc config.Document, filter string) fields {
	if d, ok := doc.(*config.OfferEvent); ok {
		return fields{"event_db_id": d.ID, "event_id": d.IncrementalID, "event_name": d.Name}
	}
	if number, err := strconv.ParseUint(filter, 10, 63); err == nil {
		return fields{"event_id": number, "event_name": "Test event"}
	}
	return fields{"event_id": 1, "event_db_id": filter, "event_name": cmp.Or(filter, "Test event")}
}
