package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/clickid"
)

// readTime bounds the look-up of one conversion.
const readTime = 2 * time.Second

// addConversions makes the endpoints of conversions, which are no documents:
// they are found in the click store and changed in the event log.
func (a *API) addConversions() {
	op := huma.Operation{
		OperationID: "getConversion", Method: http.MethodGet, Path: "/api/v2/conversions/{tx_id}", Tags: []string{"conversions"}, Security: secured,
		Summary: "Read a conversion",
		Description: "The latest row of a conversion or event, with the hash that an update names. Publishers see their own, without what the " +
			"advertiser pays and without what tells how traffic is judged.",
		Parameters: []*huma.Param{{Name: "tx_id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}, Description: "The conversion's own tx_id"}},
		Responses: responses("200", "The row", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
			"data": {Type: huma.TypeObject, AdditionalProperties: true},
		}}),
	}
	a.handle(op, (*call).getConversion)
	a.addConversionUpdates()
}

func (c *call) getConversion() error {
	if err := c.noQuery(); err != nil {
		return err
	}
	id := c.r.PathValue("tx_id")
	row, err := c.conversion(id)
	if err != nil {
		return err
	}
	snap, err := c.live()
	if err != nil {
		return err
	}
	if !seesRow(c.who, row, snap.Set) {
		return notFound("tx_id", "conversion", id)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(row.Line, &fields); err != nil {
		return err
	}
	if c.who.PublisherUser != nil {
		fields = only(fields, publishersFields)
	}
	return c.answer(http.StatusOK, map[string]any{"data": fields})
}

// conversion finds the latest row of a conversion.
func (c *call) conversion(id string) (row events.Row, err error) {
	if _, err := clickid.Time(id); err != nil {
		return row, notFound("tx_id", "conversion", id)
	}
	if c.Finder == nil {
		return row, c.later("there is no click store here")
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), readTime)
	defer cancel()
	found, err := c.Finder.Find(ctx, attribution.Query{ConversionID: id})
	switch {
	case errors.Is(err, attribution.ErrUnavailable):
		return row, c.later(err.Error())
	case err != nil:
		return row, err
	case len(found.Conversions) == 0:
		return row, notFound("tx_id", "conversion", id)
	}
	return events.DecodeRow(found.Conversions[0].Kind, found.Conversions[0].Row)
}

// later asks the caller to come again.
func (c *call) later(detail string, mistakes ...problem.Detail) error {
	c.w.Header().Set("Retry-After", "2")
	return problem.New(http.StatusServiceUnavailable, detail, mistakes...)
}

// seesRow tells whether who may know that a conversion exists: it is of his
// organization, and he sees the offer and the publisher that it names.
func seesRow(who accounts.Principal, row events.Row, set *config.Set) bool {
	switch {
	case who.SuperAdmin():
		return true
	case who.Organization() == "" || row.Text("organization_id") != who.Organization():
		return false
	case who.PublisherUser != nil:
		return row.Text("publisher_db_id") == who.Publisher.ID
	case who.Admin():
		return true
	}
	partners := partnersOf(row, set)
	for _, doc := range partners {
		if doc == nil || !who.Sees(doc, set) {
			return false
		}
	}
	return len(partners) > 0
}

// mayAmend tells whether who may change a conversion that he sees: an admin, or
// who manages one of its partners.
func mayAmend(who accounts.Principal, row events.Row, set *config.Set) bool {
	if who.Admin() {
		return true
	}
	for _, doc := range partnersOf(row, set) {
		if doc != nil && who.MayChange(doc, set) == nil {
			return true
		}
	}
	return false
}

// partnersOf are the offer and the publisher that a row names, nil for one that
// is gone.
func partnersOf(row events.Row, set *config.Set) (partners []config.Document) {
	for field, kind := range map[string]config.Kind{"offer_db_id": config.KindOffer, "publisher_db_id": config.KindPublisher} {
		if id := row.Text(field); id != "" {
			doc, _ := set.Get(config.Key{Kind: kind, ID: id})
			partners = append(partners, doc)
		}
	}
	return partners
}

// publishersFields are what a publisher is told of a conversion.
var publishersFields = []string{
	"tx_id", "request_time", "request_date", "conversion_time", "click_tx_id", "click_time", "session_time", "view_through",
	"status", "rejected", "rejected_simple_reason", "event_id", "event_db_id", "event_name", "event_status", "hold_until", "updated_time",
	"integration_id", "organization_id", "offer", "offer_id", "offer_db_id", "offer_id_name", "landing_page_id", "smart_link_id", "smartlink_db_id",
	"publisher", "publisher_db_id", "publisher_name", "real_publisher",
	"sub_id", "sub_id_2", "sub_id_3", "sub_id_4", "sub_id_5", "sub_id_6", "invalid_sub_id", "extra_params", "coupon_code",
	"payout", "rejected_payout", "currency", "country", "device_type", "os_name", "browser_name",
}

// only returns the fields that are named.
func only(fields map[string]json.RawMessage, names []string) map[string]json.RawMessage {
	kept := make(map[string]json.RawMessage, len(names))
	for _, name := range names {
		if value, ok := fields[name]; ok {
			kept[name] = value
		}
	}
	return kept
}
