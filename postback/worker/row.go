package worker

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/macro"
)

// maxRowBody is how much of a body a row keeps, in bytes.
const maxRowBody = 4 << 10

// row is the log row of an attempt (A20). Fields behind duration_ms are ours.
type row struct {
	TxID              string      `json:"tx_id"`
	EventID           string      `json:"event_id,omitempty"`
	ServiceType       string      `json:"service_type"`
	IntegrationID     string      `json:"integration_id,omitempty"`
	OrganizationID    string      `json:"organization_id,omitempty"`
	PostbackManagerID string      `json:"postback_manager_id,omitempty"`
	OfferID           string      `json:"offer_id,omitempty"`
	Publisher         string      `json:"publisher,omitempty"`
	ByPublisher       bool        `json:"is_created_by_asp_publisher"`
	CreateTime        string      `json:"create_time"`
	PostbackAfter     string      `json:"postback_after"`
	ProcessTime       string      `json:"process_time"`
	IsProcessed       int         `json:"is_processed"`
	PostbackIP        string      `json:"postback_ip,omitempty"`
	Method            string      `json:"method"`
	URL               string      `json:"url"`
	Headers           http.Header `json:"headers,omitempty"`
	Body              string      `json:"body,omitempty"`
	StatusCode        int         `json:"status_code"`
	ResponseBody      string      `json:"response_body,omitempty"`
	Error             string      `json:"error,omitempty"`
	DurationMS        int64       `json:"duration_ms"`

	RequestTime    string      `json:"request_time"`
	Status         string      `json:"status,omitempty"`
	Source         call.Source `json:"source"`
	Owner          string      `json:"source_id"`
	Outcome        Outcome     `json:"outcome"`
	Attempt        int         `json:"attempt"`
	IdempotencyKey string      `json:"idempotency_key"`
	Region         string      `json:"server_region,omitempty"`
	Node           string      `json:"node,omitempty"`
}

// row is the line of an attempt, with its line feed.
func (w *Worker) row(c *call.Call, attempt int, a *Attempt) []byte {
	processed := 1
	if a.Outcome == Retry {
		processed = 0
	}
	r := row{
		TxID: c.About.TxID, EventID: c.About.EventID, ServiceType: c.About.ServiceType,
		IntegrationID: c.About.IntegrationID, OrganizationID: c.About.OrganizationID,
		OfferID: c.About.OfferID, Publisher: c.About.Publisher, ByPublisher: c.About.ByPublisher,
		CreateTime: events.FormatTime(c.Create), PostbackAfter: events.FormatTime(c.Due), ProcessTime: events.FormatTime(a.At),
		IsProcessed: processed, PostbackIP: a.From,
		Method: c.Method, URL: text(c.Shown(), macro.MaxFilledURL), Headers: c.ShownHeader(), Body: text(c.Body, maxRowBody),
		StatusCode: a.Status, ResponseBody: text(a.Body, maxRowBody), Error: a.Error, DurationMS: a.Took.Milliseconds(),
		RequestTime: events.FormatTime(a.At), Status: c.About.Status, Source: c.Source, Owner: c.Owner,
		Outcome: a.Outcome, Attempt: attempt, IdempotencyKey: c.Key, Region: w.opt.Region, Node: w.opt.Node,
	}
	if c.Source == call.Manager || c.Source == call.Publisher {
		r.PostbackManagerID = c.Owner
	}
	line, err := json.Marshal(r)
	if err != nil {
		panic("BUG: a postback has no row: " + err.Error())
	}
	return append(line, '\n')
}

// text cuts a text that strangers wrote.
func text(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
