package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/internal/explain"
)

// explainOperation asks and changes nothing, although it is a POST.
const explainOperation = "explain"

// addExplain tells why a click or a conversion is judged as it is.
func (a *API) addExplain() {
	request := a.book.Define("ExplainRequest", explainSchema())
	op := huma.Operation{
		OperationID: explainOperation, Method: http.MethodPost, Path: "/api/v2/explain", Tags: []string{"explain"}, Security: secured,
		Summary: "Explain how a click or a conversion is judged",
		Description: "The whole way of a click, impression, conversion or event that is described, or of one in the event log: integration, parameters " +
			"as mapped, link, what is known of the visitor, each rule of link and targeting, filter groups and why one won, each filter's settings, " +
			"inputs and verdict, the decision and the destination. Of a conversion also who vouches for it, how its click was looked for and whether " +
			"it may still earn, what it would be a duplicate of, throttles and caps, whose terms price it, the answer, and where its row says " +
			"something else. It is judged now, on an edge, and changes no counter. No secret is shown.",
		RequestBody: requestBody(request, "application/json"),
		Responses: responses("200", "The explanation", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
			"data": {Type: huma.TypeObject, AdditionalProperties: true},
		}}),
	}
	a.handle(op, func(c *call) error { return c.explain(request) })
}

func explainSchema() *huma.Schema {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	header := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Required: []string{"name", "value"}, Properties: map[string]*huma.Schema{
		"name": text("Name of the header"), "value": text("Its value"),
	}}
	var methods []any
	for _, method := range explain.Methods {
		methods = append(methods, method)
	}
	moment := text("The moment to judge by; now when left out")
	moment.Format = "date-time"
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"url":      text("The link, or the postback or pixel of a conversion: a URL, or a path of the default integration"),
		"method":   {Type: huma.TypeString, Enum: methods, Description: "Method of the request; GET when left out"},
		"body":     text("Body of a POST; its type is among the headers"),
		"headers":  {Type: huma.TypeArray, Items: header, Description: "Headers of the request in their order"},
		"address":  text("Address of the visitor or sender, or of a trusted proxy whose headers name him"),
		"time":     moment,
		"event_id": text("tx_id of an event in the log: a click, an impression, a conversion or an event; in place of all the above"),
		"node":     text("The edge to ask; any when left out"),
	}}
}

func (c *call) explain(schema *huma.Schema) error {
	if !c.who.Admin() {
		return problem.New(http.StatusForbidden, "only admins may see how traffic is judged")
	}
	if err := c.noQuery(); err != nil {
		return err
	}
	body, err := c.read(schema)
	if err != nil {
		return err
	}
	var request explain.Request
	if err := json.Unmarshal(body.raw, &request); err != nil {
		// All but a time's form the schema has checked.
		return problem.New(http.StatusBadRequest, "the body has mistakes", problem.Detail{Location: "body.time", Message: "must be a time such as 2026-01-02T15:04:05Z: " + err.Error()})
	}
	if err := request.Validate(); err != nil {
		return problem.New(http.StatusUnprocessableEntity, "this cannot be explained", mistakesOf(err)...)
	}
	report, err := c.askEdge(&request)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]any{"data": report})
}

// mistakesOf takes a joined error apart: "url: missing" is about body.url.
func mistakesOf(err error) (list []problem.Detail) {
	errs := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		errs = joined.Unwrap()
	}
	for _, err := range errs {
		field, message, _ := strings.Cut(err.Error(), ": ")
		list = append(list, problem.Detail{Location: "body." + field, Message: message})
	}
	return list
}

// askEdge asks an edge. What is not of the caller's organization he is not
// told.
func (c *call) askEdge(request *explain.Request) (explain.Report, error) {
	if c.Fleet == nil {
		return explain.Report{}, problem.New(http.StatusServiceUnavailable, "no edge answers")
	}
	report, err := c.Fleet.Explain(c.r.Context(), request)
	switch {
	case errors.Is(err, fleet.ErrNoEvent):
		return report, c.noEvent(request)
	case errors.Is(err, fleet.ErrNoEdge):
		c.w.Header().Set("Retry-After", "5")
		return report, problem.New(http.StatusServiceUnavailable, err.Error()+"; GET /api/v2/edges lists them")
	case err != nil:
		return report, problem.New(http.StatusBadGateway, err.Error())
	}
	snap, err := c.live()
	if err != nil {
		return report, err
	}
	if c.mayExplain(&report, snap.Set) {
		return report, nil
	}
	if request.EventID != "" {
		return report, c.noEvent(request)
	}
	return explain.Report{Node: report.Node, ConfigVersion: report.ConfigVersion, Time: report.Time, Refused: "the link leads to no integration of yours"}, nil
}

func (c *call) noEvent(request *explain.Request) error {
	return problem.New(http.StatusNotFound, "there is no such event in the log; it may have left it by age",
		problem.Detail{Location: "body.event_id", Message: "there is no event with this tx_id", Value: request.EventID})
}

// mayExplain tells whether an explanation is about the caller's own
// organization. Of an event whose integration is gone its row tells.
func (c *call) mayExplain(report *explain.Report, set *config.Set) bool {
	if report.Integration == nil {
		return report.Recorded == nil || c.ownsRow(report.Recorded)
	}
	doc, ok := set.Get(config.Key{Kind: config.KindIntegration, ID: report.Integration.ID})
	return c.who.SuperAdmin() || ok && c.who.Sees(doc, set)
}

// ownsRow tells whether a row in the event log is of the caller's organization.
func (c *call) ownsRow(line []byte) bool {
	var row struct {
		Organization string `json:"organization_id"`
	}
	err := json.Unmarshal(line, &row)
	return c.who.SuperAdmin() || err == nil && row.Organization != "" && row.Organization == c.who.Organization()
}
