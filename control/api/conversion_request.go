package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/money"
)

// updateForm is one of the two forms in which the documents write an update.
type updateForm struct {
	id, path, summary string
	// full items name the time of the conversion and may bring new amounts.
	full   bool
	schema *huma.Schema
}

func updateForms() []*updateForm {
	return []*updateForm{
		{id: "updateConversions", path: "/api/v2/reports/v2/conversion-update", summary: "Approve, reject or re-price conversions", full: true},
		{id: "updateConversionStatus", path: "/api/v2/reports/conversion-update", summary: "Approve or reject conversions"},
	}
}

func (a *API) addConversionUpdates() {
	for _, form := range updateForms() {
		form.schema = a.book.Define(strings.ToUpper(form.id[:1])+form.id[1:], form.body())
		op := huma.Operation{
			OperationID: form.id, Method: http.MethodPost, Path: form.path, Tags: []string{"conversions"}, Security: secured, Summary: form.summary,
			Description: "Each item is changed for itself. It is skipped without an error where its row is no longer the one that it names by tx_id, " +
				"hash and conversion_time: read the row again. results tells what became of each: changed, unchanged (it is so already), stale " +
				"(the row is another), not_found, forbidden, or impossible. After a 503 the request may be sent again as it was.",
			RequestBody: requestBody(form.schema, "application/json"),
			Responses: responses("200", "What became of the items", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
				"success": {Type: huma.TypeBoolean, Description: "true"},
				"results": {Type: huma.TypeArray, Description: "One for each item, in their order", Items: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
					"tx_id": {Type: huma.TypeString, Description: "As in the request"}, "result": {Type: huma.TypeString, Description: "What became of it"},
				}}},
			}}),
		}
		a.handle(op, func(c *call) error { return c.updateConversions(form) })
	}
}

// body describes the form.
func (f *updateForm) body() *huma.Schema {
	word := func(doc string) *huma.Schema {
		most := 255
		return &huma.Schema{Type: huma.TypeString, MaxLength: &most, Description: doc}
	}
	needed := func(doc string) *huma.Schema {
		s, least := word(doc), 1
		s.MinLength = &least
		return s
	}
	actions := []any{"Approve", "Reject", "approve", "reject"}
	item := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Required: []string{"action", "hash", "tx_id"}, Properties: map[string]*huma.Schema{
		"tx_id": needed("The conversion's own tx_id"), "hash": needed("The hash of the row that the change is meant for"),
		"new_rejected_advanced_reason": word("Why it is rejected, in words"),
	}}
	if f.full {
		actions = append(actions, "Modify", "modify")
		item.Required = append(item.Required, "conversion_time")
		item.Properties["conversion_time"] = needed("The conversion_time of that row")
		item.Properties["update_params"] = amounts()
	}
	item.Properties["action"] = &huma.Schema{Type: huma.TypeString, Enum: actions, Description: "What to do"}
	updates := listOf(item)
	updates.Description = "The conversions to change"
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Required: []string{"updates"}, Properties: map[string]*huma.Schema{
		"integration_id":  word("The integration of all the conversions; those of others are not found"),
		"organization_id": word("Their organization, likewise; the caller's when left out"),
		"updates":         updates,
	}}
}

// amounts describes new amounts.
func amounts() *huma.Schema {
	least := 0.0
	amount := func(doc string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeNumber, Minimum: &least, Description: doc}
	}
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Description: "New amounts, exact to six decimals", Properties: map[string]*huma.Schema{
		"payout": amount("What the publisher gets"), "revenue": amount("What the advertiser pays"), "purchase_value": amount("Value of the order"),
	}}
}

// updateRequest is an update that was read.
type updateRequest struct {
	IntegrationID  string        `json:"integration_id"`
	OrganizationID string        `json:"organization_id"`
	Updates        []*updateItem `json:"updates"`
}

// updateItem is the change of one conversion.
type updateItem struct {
	TxID           string                 `json:"tx_id"`
	Hash           string                 `json:"hash"`
	ConversionTime string                 `json:"conversion_time"`
	Action         string                 `json:"action"`
	Reason         string                 `json:"new_rejected_advanced_reason"`
	Params         map[string]json.Number `json:"update_params"`

	change amend.Change
}

// readUpdates reads a body that has met its schema. Every mistake is told, and
// nothing is changed where there is one.
func readUpdates(body payload) (*updateRequest, error) {
	data, err := json.Marshal(body.value)
	if err != nil {
		return nil, err
	}
	var r updateRequest
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, err
	}
	var mistakes problem.List
	first := map[string]int{}
	for i, item := range r.Updates {
		item.read(itemAt(i), &mistakes)
		if other, twice := first[item.TxID]; twice {
			mistakes.Add(itemAt(i)+".tx_id", item.TxID, "stands in %s already", itemAt(other))
			continue
		}
		first[item.TxID] = i
	}
	if list := mistakes.Details(); len(list) > 0 {
		return nil, problem.New(http.StatusUnprocessableEntity, "the rules refuse this", list...)
	}
	return &r, nil
}

func (u *updateItem) read(at string, mistakes *problem.List) {
	u.change = amend.Change{ConversionID: u.TxID, Hash: u.Hash}
	if _, err := clickid.Time(u.TxID); err != nil {
		mistakes.Add(at+".tx_id", u.TxID, "must be 32 lower-case hex digits")
	}
	u.readTime(at, mistakes)
	u.readAmounts(at, mistakes)
	switch strings.ToLower(u.Action) {
	case "approve":
		u.change.To.Status = click.Approved
	case "reject":
		u.change.To.Status, u.change.To.Reason = click.Rejected, u.Reason
		return
	case "modify":
		if len(u.Params) == 0 {
			mistakes.Add(at+".update_params", nil, "missing: Modify needs at least one of payout, revenue and purchase_value")
		}
	}
	if u.Reason != "" {
		mistakes.Add(at+".new_rejected_advanced_reason", u.Reason, "is for Reject alone")
	}
}

// readTime reads the time as rows write it, or without an offset in UTC.
func (u *updateItem) readTime(at string, mistakes *problem.List) {
	if u.ConversionTime == "" {
		return // the schema says whether it may be missing
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.Parse(layout, u.ConversionTime); err == nil {
			u.change.ConversionMS = t.UnixMilli()
			return
		}
	}
	mistakes.Add(at+".conversion_time", u.ConversionTime, "must be a time as in the row, such as 2026-01-02T15:04:05.000Z")
}

func (u *updateItem) readAmounts(at string, mistakes *problem.List) {
	for name, into := range map[string]**money.Amount{
		"payout": &u.change.To.Payout, "revenue": &u.change.To.Revenue, "purchase_value": &u.change.To.PurchaseValue,
	} {
		text, ok := u.Params[name]
		if !ok {
			continue
		}
		amount, err := money.Parse(text.String())
		if err != nil {
			mistakes.Add(at+".update_params."+name, text, "%s", err)
			continue
		}
		*into = &amount
	}
}
