package query

import (
	"iter"
	"slices"
	"strings"
)

// Query is a list request that was understood.
type Query[T any] struct {
	filters []condition[T]
	text    string
	texts   []func(T) string
	order   []term[T]
	number  int
	size    int
	// Fields are the names to show; nil is all.
	Fields []string
}

// term is a field to sort by.
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
	Number int `json:"page[number]" doc:"The number of the page, from 1"`
	Size   int `json:"page[size]" doc:"The most entities on a page"`
}

// Links lead to the neighbours of a page; null where there is none.
type Links struct {
	Next *Page `json:"next" doc:"The next page"`
	Prev *Page `json:"prev" doc:"The page before"`
}

// Meta tells how much there is.
type Meta struct {
	Links      Links `json:"links" doc:"The neighbours of the page"`
	TotalCount int   `json:"total_count" doc:"The number of entities on all pages"`
	TotalPage  int   `json:"total_page" doc:"The number of pages"`
}

// Run returns the page of the items that match; the caller may keep it. less
// orders what the query does not tell apart, negative when a comes before b;
// what it does not tell apart either keeps the order of items.
func (q Query[T]) Run(items iter.Seq[T], less func(a, b T) int) ([]T, Meta) {
	s := selection[T]{order: q.order, less: less, most: q.number * q.size}
	for item := range items {
		if q.matches(item) {
			s.add(item)
		}
	}
	first := (q.number - 1) * q.size
	return s.from(first), q.meta(s.count)
}

func (q Query[T]) meta(count int) Meta {
	meta := Meta{TotalCount: count, TotalPage: (count + q.size - 1) / q.size}
	if q.number < meta.TotalPage {
		meta.Links.Next = &Page{q.number + 1, q.size}
	}
	if q.number > 1 && meta.TotalPage > 0 {
		meta.Links.Prev = &Page{min(q.number-1, meta.TotalPage), q.size}
	}
	return meta
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
	for _, text := range q.texts {
		if s := text(item); len(s) > 0 && strings.Contains(strings.ToLower(s), q.text) {
			return true
		}
	}
	return false
}
