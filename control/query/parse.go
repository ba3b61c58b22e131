package query

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
)

// The sizes of a page.
const (
	DefaultSize = 50
	LargestSize = 100
)

// Bounds of a query, since each part of it is work for every item.
const (
	mostFilters = 20
	mostValues  = 100
	mostTerms   = 10
	longestText = 255
)

// Parse reads a query string. shown are the names that fields= may choose.
// Everything that is not understood is a mistake, and the query then not to be
// run.
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
	return p.q, p.found.Details()
}

type parser[T any] struct {
	fields Fields[T]
	// names are those of fields, sorted; nil until a message needs them.
	names []string
	shown []string
	q     Query[T]
	found problem.List
}

func (p *parser[T]) mistake(name string, value any, format string, args ...any) {
	p.found.Add("query."+name, value, format, args...)
}

var parameters = []string{"fields", "filter[FIELD]", "filter[FIELD][OPERATOR]", "page[number]", "page[size]", "query", "sort"}

func (p *parser[T]) parameter(name, value string) {
	switch {
	case !utf8.ValidString(value):
		p.mistake(name, value, "must be UTF-8")
	case name == "page[number]":
		p.q.number = p.integer(name, value, 1<<31-1, 1)
	case name == "page[size]":
		p.q.size = p.integer(name, value, LargestSize, DefaultSize)
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

// integer reads a number from 1 to most.
func (p *parser[T]) integer(name, value string, most, otherwise int) int {
	n, err := strconv.ParseUint(value, 10, 32)
	if err != nil || n < 1 || n > uint64(most) {
		p.mistake(name, value, "must be a whole number from 1 to %d", most)
		return otherwise
	}
	return int(n)
}

func (p *parser[T]) field(parameter, name string) (Field[T], bool) {
	f, ok := p.fields[name]
	if ok {
		return f, true
	}
	if p.found.Full() {
		p.found.Skip()
		return f, false
	}
	if p.names == nil {
		p.names = slices.Sorted(maps.Keys(p.fields))
	}
	p.mistake(parameter, name, "there is no such field to choose by%s; allowed are %s", config.DidYouMean(name, p.names), strings.Join(p.names, ", "))
	return f, false
}

// sort reads "-type,name": a minus means descending.
func (p *parser[T]) sort(value string) {
	names := strings.Split(value, ",")
	if len(names) > mostTerms {
		p.mistake("sort", value, "must name at most %d fields, found %d", mostTerms, len(names))
		return
	}
	for _, name := range names {
		name, descending := strings.CutPrefix(strings.TrimSpace(name), "-")
		if f, ok := p.field("sort", name); ok {
			p.q.order = append(p.q.order, term[T]{f.Get, descending})
		}
	}
}

func (p *parser[T]) choose(value string) {
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		switch {
		case slices.Contains(p.q.Fields, name):
		case slices.Contains(p.shown, name):
			p.q.Fields = append(p.q.Fields, name)
		case p.found.Full():
			p.found.Skip()
		default:
			p.mistake("fields", name, "there is no such field to show%s; allowed are %s", config.DidYouMean(name, p.shown), strings.Join(p.shown, ", "))
		}
	}
}

// search looks for a text in all texts of an item.
func (p *parser[T]) search(value string) {
	if n := utf8.RuneCountInString(value); n > longestText {
		p.mistake("query", value, "must have at most %d characters, found %d", longestText, n)
		return
	}
	p.q.text = strings.ToLower(value)
	for _, f := range p.fields {
		if f.Type == String {
			p.q.texts = append(p.q.texts, f.asText())
		}
	}
}

// asText is the field as a text.
func (f Field[T]) asText() func(T) string {
	if f.text != nil {
		return f.text
	}
	return func(item T) string { s, _ := f.Get(item).(string); return s }
}
