package api

import (
	"regexp"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/query"
)

// The parts that operations share in the description.

var pathParam = regexp.MustCompile(`\{([^}]+)\}`)

func pathParams(path string) (params []*huma.Param) {
	for _, m := range pathParam.FindAllStringSubmatch(path, -1) {
		params = append(params, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}, Description: "Opaque id"})
	}
	return params
}

func number(low, high float64, otherwise int) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Minimum: &low, Maximum: &high, Default: otherwise}
}

var text255 = func() *huma.Schema {
	least, most := 1, 255
	return &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most}
}()

var (
	explode    = true
	listParams = []*huma.Param{
		{Name: "filter", In: "query", Style: "deepObject", Explode: &explode, Schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true},
			Description: "filter[field]=value or filter[field][operator]=value, with eq, eq_n, ne, match, gt, gte, lt, lte or in; dots reach inner fields"},
		{Name: "sort", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "Fields to sort by, with a minus for descending: -created_at,name"},
		{Name: "page[number]", In: "query", Schema: number(1, 1<<31-1, 1), Description: "The page, from 1"},
		{Name: "page[size]", In: "query", Schema: number(1, query.LargestSize, query.DefaultSize), Description: "Entities on a page"},
		{Name: "fields", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "The fields to show: id,name"},
		{Name: "query", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "A text to find in any field"},
	}
	ifMatchParam = &huma.Param{Name: "If-Match", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
		Description: "The ETag the change is meant for; another one is refused with 412"}
	idempotencyParam = &huma.Param{Name: "Idempotency-Key", In: "header", Schema: text255,
		Description: "Any text; a request repeated with it within 24 hours creates nothing twice"}
)

func requestBody(s *huma.Schema, types ...string) *huma.RequestBody {
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	for _, t := range types {
		body.Content[t] = &huma.MediaType{Schema: s}
	}
	return body
}

var emptyBody = responses("200", "Done", &huma.Schema{Type: huma.TypeObject})

// responses are one success and any problem.
func responses(status, description string, s *huma.Schema) map[string]*huma.Response {
	return map[string]*huma.Response{
		status:    {Description: description, Content: map[string]*huma.MediaType{"application/json": {Schema: s}}},
		"default": {Description: "Any problem", Content: map[string]*huma.MediaType{problem.ContentType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}}},
	}
}

// dataOf is an answer with one entity.
func (a *API) dataOf(name string, view *huma.Schema) map[string]*huma.Response {
	s := a.book.Define(name+"Data", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"data": view}})
	return responses("200", "The entity", s)
}

// listOf is an answer with a page of entities.
func (a *API) listOf(name string, view *huma.Schema) map[string]*huma.Response {
	s := a.book.Define(name+"List", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"data": {Type: huma.TypeArray, Items: view}, "meta": a.book.Value(query.Meta{}),
	}})
	return responses("200", "A page", s)
}

func (a *API) describeErrors() { a.book.Value(problem.Problem{}) }
