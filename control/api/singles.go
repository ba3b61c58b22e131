package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/control/problem"
)

// The endpoints that are no collections.

// addLabels serves the names of filters and reasons (A5), to anybody.
func (a *API) addLabels() {
	op := huma.Operation{
		OperationID: "getFilterLabels", Method: http.MethodGet, Path: "/api/v2/filter-labels", Tags: []string{"filter-labels"},
		Summary: "Read the names of filters and reasons", Description: "The values are the types of filters and the reasons of rejections in events and reports.",
		Parameters: []*huma.Param{{Name: "fields", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "The groups to show: clicks,common"}},
		Responses:  responses("200", "The labels", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"data": a.book.Value(Labels{})}}),
	}
	a.handle(op, func(c *call) error {
		groups, err := c.labelGroups()
		if err != nil {
			return err
		}
		return c.answer(http.StatusOK, map[string]any{"data": groups})
	})
}

// labelGroups are the groups that the request asks for.
func (c *call) labelGroups() (map[string]any, error) {
	all := map[string]any{"clicks": c.Labels.Clicks, "common": c.Labels.Common, "conversions": c.Labels.Conversions, "impression": c.Labels.Impression}
	chosen := map[string]any{}
	for name, values := range c.r.URL.Query() {
		for group := range strings.SplitSeq(values[0], ",") {
			if name != "fields" || all[group] == nil {
				return nil, problem.New(http.StatusBadRequest, "the query has mistakes",
					problem.Detail{Location: "query." + name, Message: "allowed is fields with clicks, common, conversions and impression", Value: values[0]})
			}
			chosen[group] = all[group]
		}
	}
	if len(chosen) == 0 {
		return all, nil
	}
	return chosen, nil
}

// addEdges tells which edges there are and what they serve.
func (a *API) addEdges() {
	op := huma.Operation{
		OperationID: "listEdges", Method: http.MethodGet, Path: "/api/v2/edges", Tags: []string{"edges"}, Security: secured,
		Summary: "List the edges", Description: "Which edges there are, which version of the configuration each serves since when, and how its last attempt to take one over went.",
		Responses: responses("200", "The edges", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
			"data": {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject}},
			"meta": {Type: huma.TypeObject, Properties: map[string]*huma.Schema{"version": {Type: huma.TypeInteger, Description: "The version that should serve"}}},
		}}),
	}
	a.handle(op, func(c *call) error {
		if err := c.insider(); err != nil {
			return err
		}
		snap, err := c.live()
		if err != nil {
			return err
		}
		var edges any = []any{}
		if c.Fleet != nil {
			edges = c.Fleet.List(snap.Version)
		}
		return c.answer(http.StatusOK, map[string]any{"data": edges, "meta": map[string]any{"version": snap.Version}})
	})
}

// insider keeps publisher users out.
func (c *call) insider() error {
	if c.who.User == nil {
		return problem.New(http.StatusForbidden, "only users of the organization may see this")
	}
	return c.noQuery()
}

// addHistory lists the versions of the configuration.
func (a *API) addHistory() {
	op := huma.Operation{
		OperationID: "listVersions", Method: http.MethodGet, Path: "/api/v2/history", Tags: []string{"history"}, Security: secured,
		Summary: "List the versions of the configuration", Description: "Who changed what when, the newest first.",
		Parameters: []*huma.Param{{Name: "page[size]", In: "query", Schema: number(1, 100, 50), Description: "The number of versions"}},
		Responses:  responses("200", "The versions", &huma.Schema{Type: huma.TypeObject}),
	}
	a.handle(op, func(c *call) error {
		limit, err := c.limit(50)
		if err != nil {
			return err
		}
		if !c.who.Admin() {
			return problem.New(http.StatusForbidden, "only admins may see the history")
		}
		heads, err := c.Live.History(c.r.Context())
		if err != nil {
			return unavailable(err)
		}
		return c.answer(http.StatusOK, map[string]any{"data": heads[:min(limit, len(heads))], "meta": map[string]any{"total_count": len(heads)}})
	})
}

// limit is page[size], the only parameter.
func (c *call) limit(otherwise int) (int, error) {
	for name, values := range c.r.URL.Query() {
		n, err := strconv.Atoi(values[0])
		if name != "page[size]" || len(values) > 1 || err != nil || n < 1 || n > 100 {
			return 0, problem.New(http.StatusBadRequest, "the query has mistakes", problem.Detail{Location: "query." + name, Message: "allowed is page[size] from 1 to 100", Value: values[0]})
		}
		otherwise = n
	}
	return otherwise, nil
}
