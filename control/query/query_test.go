package query

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/internal/money"
)

// things are some that differ in every field, and repeat most values.
func things(n int) []*thing {
	r := rand.New(rand.NewPCG(1, 2))
	var list []*thing
	for i := range n {
		t := &thing{base: base{fmt.Sprintf("id%05d", r.IntN(1e5)), int64(i)}, Name: string(rune('a'+r.IntN(5))) + "Shoe", Active: r.IntN(2) == 0, Share: float64(r.IntN(8)) / 4}
		if r.IntN(3) > 0 {
			b := r.IntN(2) == 0
			t.Block, t.Pointer = &b, &inner{"p", r.IntN(3)}
			t.Tags, t.List = []string{"x", string(rune('a' + r.IntN(3)))}, []inner{{"one", 1}, {plane(rune('a' + r.IntN(3))), 2}}
			t.Ends = time.Unix(int64(r.IntN(4))*86400, 0).UTC().Format(time.RFC3339)
		}
		list = append(list, t)
	}
	return list
}

func each(list []*thing) iter.Seq[*thing] { return slices.Values(list) }

func byID(a, b *thing) int { return strings.Compare(a.ID, b.ID) }

func parseQuery(tb testing.TB, text string) Query[*thing] {
	tb.Helper()
	values, err := url.ParseQuery(text)
	if err != nil {
		tb.Fatal(err)
	}
	q, found := Parse(values, thingFields(), shown)
	if len(found) > 0 {
		tb.Fatalf("%s: %v", text, found)
	}
	return q
}

func TestFilters(t *testing.T) {
	yes, no := true, false
	list := []*thing{
		{base: base{"a", 1}, Name: "Red Shoe", Active: true, Share: 0.5, Price: money.MustParse("0.1"), Block: &yes, Tags: []string{"x", "y"}, Inner: inner{"w", 1}, Ends: "2026-01-31T12:00:00Z"},
		{base: base{"b", 2}, Name: "blue shoe", Share: 1, Price: money.MustParse("10"), Block: &no, Pointer: &inner{"v", 5}, List: []inner{{"BOT", 1}, {"VPN", 2}}, Ends: "2026-02-01T12:00:00+02:00"},
		{base: base{"c", 3}, Name: "", Tags: []string{"y"}},
	}
	for query, want := range map[string]string{
		"":                                             "abc",
		"filter[id]=b":                                 "b",
		"filter[id][eq]=b":                             "b",
		"filter[name]=":                                "c",
		"filter[name][ne]=blue shoe":                   "ac",
		"filter[name][match]=SHOE":                     "ab",
		"filter[name][gt]=a":                           "b",
		"filter[number][eq_n]=2":                       "b",
		"filter[number][gte]=2":                        "bc",
		"filter[number][gt]=2":                         "c",
		"filter[number][lte]=2":                        "ab",
		"filter[number][lt]=2":                         "a",
		"filter[number][in]=3,1,7":                     "ac",
		"filter[share]=0.5":                            "a",
		"filter[share][lt]=1":                          "ac",
		"filter[price]=0.10":                           "a",
		"filter[price][eq_n]=1e1":                      "b",
		"filter[price][gt]=0.099999":                   "ab",
		"filter[active]=true":                          "a",
		"filter[active]=false":                         "bc",
		"filter[block]=true":                           "a",
		"filter[block]=false":                          "b",
		"filter[block]=null":                           "c",
		"filter[block][ne]=null":                       "ab",
		"filter[block][in]=null,true":                  "ac",
		"filter[block][ne]=true":                       "bc",
		"filter[tags]=y":                               "ac",
		"filter[tags][ne]=x":                           "bc",
		"filter[tags][match]=X":                        "a",
		"filter[tags][in]=q,x":                         "a",
		"filter[inner.word]=w":                         "a",
		"filter[inner.count][gte]=1":                   "a",
		"filter[pointer.word]=v":                       "b",
		"filter[pointer.count][lt]=9":                  "b",
		"filter[list.word]=VPN":                        "b",
		"filter[ends][gte]=2026-02-01":                 "b",
		"filter[ends]=2026-02-01T10:00:00Z":            "b",
		"filter[ends][lt]=2026-01-31 12:00:01":         "a",
		"filter[ends]=null":                            "c",
		"filter[label]=!":                              "c",
		"filter[size][gt]=8":                           "b",
		"filter[broken]=1":                             "",
		"filter[ratio]=0.5":                            "b",
		"filter[made][gte]=1970-01-01 00:00:02":        "bc",
		"filter[words]=y":                              "ac",
		"filter[on]=true":                              "a",
		"filter[number][gt]=1&filter[number][lt]=3":    "b",
		"filter[name][match]=e&filter[name][match]=bl": "b",
		"query=shoe":                                   "ab",
		"query=SHOE!":                                  "ab",
		"query=nothing":                                "",
		"query=":                                       "abc",
		"sort=-number":                                 "cba",
		"sort=active,-number":                          "cba",
		"sort=-active,number":                          "abc",
		"sort=name":                                    "cab",
		"sort=share":                                   "cab",
		"sort=block":                                   "cba",
		"sort=-block":                                  "abc",
		"sort=tags":                                    "bac",
		"sort=-ends":                                   "bac",
		"page[size]=2":                                 "ab",
		"page[size]=2&page[number]=2":                  "c",
		"page[size]=2&page[number]=3":                  "",
		"page[size]=1&page[number]=2147483647":         "",
	} {
		q := parseQuery(t, strings.ReplaceAll(query, "+", "%2B"))
		page, _ := q.Run(each(list), byID)
		got := ""
		for _, item := range page {
			got += item.ID
		}
		if got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}

func TestChosenFields(t *testing.T) {
	q := parseQuery(t, "fields=name, id,name")
	if !slices.Equal(q.Fields, []string{"name", "id"}) || q.Filters("name") {
		t.Errorf("shown are %v", q.Fields)
	}
	if q := parseQuery(t, "filter[active]=true"); q.Fields != nil || !q.Filters("active") {
		t.Errorf("shown are %v, want all", q.Fields)
	}
}

func TestMeta(t *testing.T) {
	list := things(5)
	for query, want := range map[string]string{
		"":                            `{"links":{"next":null,"prev":null},"total_count":5,"total_page":1}`,
		"page[size]=5":                `{"links":{"next":null,"prev":null},"total_count":5,"total_page":1}`,
		"page[size]=2":                `{"links":{"next":{"page[number]":2,"page[size]":2},"prev":null},"total_count":5,"total_page":3}`,
		"page[size]=2&page[number]=2": `{"links":{"next":{"page[number]":3,"page[size]":2},"prev":{"page[number]":1,"page[size]":2}},"total_count":5,"total_page":3}`,
		"page[size]=2&page[number]=3": `{"links":{"next":null,"prev":{"page[number]":2,"page[size]":2}},"total_count":5,"total_page":3}`,
		"page[size]=2&page[number]=9": `{"links":{"next":null,"prev":{"page[number]":3,"page[size]":2}},"total_count":5,"total_page":3}`,
		"filter[id]=nobody":           `{"links":{"next":null,"prev":null},"total_count":0,"total_page":0}`,
	} {
		_, meta := parseQuery(t, query).Run(each(list), byID)
		if got, _ := json.Marshal(meta); string(got) != want {
			t.Errorf("%s: the meta is\n%s\nwant\n%s", query, got, want)
		}
	}
}

// Every page is the one that sorting everything would give.
func TestRunIsSorting(t *testing.T) {
	list := things(1500)
	r := rand.New(rand.NewPCG(3, 4))
	fields := []string{"name", "active", "share", "block", "tags", "pointer.count", "ends", "number"}
	for range 80 {
		var terms []string
		for range r.IntN(4) {
			terms = append(terms, []string{"", "-"}[r.IntN(2)]+fields[r.IntN(len(fields))])
		}
		number, size := 1+r.IntN(40), 1+r.IntN(100)
		query := fmt.Sprintf("page[number]=%d&page[size]=%d", number, size)
		if len(terms) > 0 {
			query += "&sort=" + strings.Join(terms, ",")
		}
		if r.IntN(2) == 0 {
			query += "&filter[active]=true"
		}
		less := byID
		if r.IntN(4) == 0 { // the order of the list decides
			less = func(*thing, *thing) int { return 0 }
		}
		q := parseQuery(t, query)
		want := naive(list, terms, strings.Contains(query, "active]=true"), less)
		total := len(want)
		want = want[min((number-1)*size, total):min(number*size, total)]
		got, meta := q.Run(each(list), less)
		if !slices.Equal(got, want) || meta.TotalCount != total || got == nil {
			t.Fatalf("%s: a page of %d of %d differs from the %d of %d that sorting gives", query, len(got), meta.TotalCount, len(want), total)
		}
	}
}

func naive(list []*thing, terms []string, active bool, less func(a, b *thing) int) []*thing {
	var all []*thing
	for _, t := range list {
		if !active || t.Active {
			all = append(all, t)
		}
	}
	fields := thingFields()
	slices.SortStableFunc(all, func(a, b *thing) int {
		for _, term := range terms {
			name, descending := strings.CutPrefix(term, "-")
			if n := compare(fields[name].Get(a), fields[name].Get(b)); n != 0 && descending {
				return -n
			} else if n != 0 {
				return n
			}
		}
		return less(a, b)
	})
	return all
}

func BenchmarkRun(b *testing.B) {
	list := things(100_000)
	for name, query := range map[string]string{
		"first page": "", "sorted": "sort=-name,share", "filtered": "filter[name][match]=c&filter[share][gte]=1", "searched": "query=no such", "last page": "page[number]=1000&page[size]=100",
		"by numbers": "sort=-number",
	} {
		b.Run(name, func(b *testing.B) {
			q := parseQuery(b, query)
			b.ReportAllocs()
			for b.Loop() {
				q.Run(each(list), byID)
			}
		})
	}
}
