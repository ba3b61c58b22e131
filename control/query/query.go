package query

import (
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
)

// The sizes of a page.
const (
	DefaultSize = 50
	LargestSize = 100
)

// Query is a list request that was understood.
type Query[T any] struct {
	filters []condition[T]
	text    string
	texts   []Field[T]
	order   []term[T]
	number  int
	size    int
	// Fields are the names to show; nil is all.
	Fields []string
}

type term[T any] struct {
	get        func(T) any
	descending bool
}

// Filters tells whether a field is filtered by.
func (q Query[T]) Filters(name string) bool {
	return slices.ContainsFunc(q.filters, func(c condition[T]) bool { return c.name == name })
}

// Page is the address of another page.
type Page struct {
	Number int `json:"page[number]"`
	Size   int `json:"page[size]"`
}

// Links lead to the neighbours of a page; null where there is none.
type Links struct {
	Next *Page `json:"next"`
	Prev *Page `json:"prev"`
}

// Meta tells how much there is.
type Meta struct {
	Links      Links `json:"links"`
	TotalCount int   `json:"total_count" doc:"The number of entities on all pages"`
	TotalPage  int   `json:"total_page" doc:"The number of pages"`
}

// Parse reads a query string. shown are the names that fields= may choose.
// Unknown parameters are mistakes.
func Parse[T any](values url.Values, fields Fields[T], shown []string) (Query[T], []problem.Detail) {
	p := parser[T]{fields: fields, shown: shown, q: Query[T]{number: 1, size: DefaultSize}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list := values[name]
		if len(list) > 1 && !strings.HasPrefix(name, "filter[") {
			p.mistake(name, nil, "given more than once; keep one")
			continue
		}
		for _, value := range list {
			p.parameter(name, value)
		}
	}
	return p.q, p.found
}

type parser[T any] struct {
	fields Fields[T]
	shown  []string
	q      Query[T]
	found  []problem.Detail
}

func (p *parser[T]) mistake(name string, value any, format string, args ...any) {
	p.found = append(p.found, problem.Detail{Location: "query." + name, Message: fmt.Sprintf(format, args...), Value: value})
}

var parameters = []string{"fields", "filter[FIELD]", "filter[FIELD][OPERATOR]", "page[number]", "page[size]", "query", "sort"}

func (p *parser[T]) parameter(name, value string) {
	switch {
	case name == "page[number]":
		p.q.number = p.integer(name, value, 1, 1<<31-1, 1)
	case name == "page[size]":
		p.q.size = p.integer(name, value, 1, LargestSize, DefaultSize)
	case name == "sort":
		p.sort(value)
	case name == "fields":
		p.choose(value)
	case name == "query":
		p.search(value)
	case strings.HasPrefix(name, "filter["):
		p.filter(name, value)
	default:
		p.mistake(name, value, "unknown parameter; allowed are %s", strings.Join(parameters, ", "))
	}
}

func (p *parser[T]) integer(name, value string, least, most, otherwise int) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		p.mistake(name, value, "must be a whole number from %d to %d", least, most)
		return otherwise
	}
	return n
}

func (p *parser[T]) names() []string { return slices.Sorted(maps.Keys(p.fields)) }

func (p *parser[T]) field(parameter, name string) (Field[T], bool) {
	f, ok := p.fields[name]
	if !ok {
		p.mistake(parameter, name, "there is no field %q to choose by%s; allowed are %s", name, config.DidYouMean(name, p.names()), strings.Join(p.names(), ", "))
	}
	return f, ok
}

// sort reads "-type,name": a minus means descending.
func (p *parser[T]) sort(value string) {
	for name := range strings.SplitSeq(value, ",") {
		name, descending := strings.CutPrefix(strings.TrimSpace(name), "-")
		if f, ok := p.field("sort", name); ok {
			p.q.order = append(p.q.order, term[T]{f.Get, descending})
		}
	}
}

func (p *parser[T]) choose(value string) {
	for name := range strings.SplitSeq(value, ",") {
		if name = strings.TrimSpace(name); !slices.Contains(p.shown, name) {
			p.mistake("fields", name, "there is no field %q%s; allowed are %s", name, config.DidYouMean(name, p.shown), strings.Join(p.shown, ", "))
			continue
		}
		p.q.Fields = append(p.q.Fields, name)
	}
}

// search looks for a text in all texts of an item.
func (p *parser[T]) search(value string) {
	p.q.text = strings.ToLower(value)
	for _, name := range p.names() {
		if f := p.fields[name]; f.Type == String {
			p.q.texts = append(p.q.texts, f)
		}
	}
}

// Run returns the page of the items that match. less is the order of what the
// query does not tell apart.
func (q Query[T]) Run(items iter.Seq[T], less func(a, b T) int) ([]T, Meta) {
	var all []T
	for item := range items {
		if q.matches(item) {
			all = append(all, item)
		}
	}
	slices.SortStableFunc(all, func(a, b T) int {
		for _, t := range q.order {
			n := compare(t.get(a), t.get(b))
			if t.descending {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return less(a, b)
	})
	meta := Meta{TotalCount: len(all), TotalPage: (len(all) + q.size - 1) / q.size}
	if q.number < meta.TotalPage {
		meta.Links.Next = &Page{q.number + 1, q.size}
	}
	if q.number > 1 && meta.TotalPage > 0 {
		meta.Links.Prev = &Page{min(q.number-1, meta.TotalPage), q.size}
	}
	first := min((q.number-1)*q.size, len(all))
	return all[first:min(first+q.size, len(all))], meta
}

func (q Query[T]) matches(item T) bool {
	for i := range q.filters {
		if !q.filters[i].holds(item) {
			return false
		}
	}
	if q.text == "" {
		return true
	}
	for _, f := range q.texts {
		if s, _ := f.Get(item).(string); strings.Contains(strings.ToLower(s), q.text) {
			return true
		}
	}
	return false
}
