package query

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/internal/money"
)

// thing has a field of each sort.
type thing struct {
	base
	Name    string       `json:"name"`
	Active  bool         `json:"active,omitempty"`
	Share   float64      `json:"share"`
	Price   money.Amount `json:"price"`
	Block   *bool        `json:"block"`
	Tags    []string     `json:"tags"`
	Inner   inner        `json:"inner"`
	Pointer *inner       `json:"pointer"`
	List    []inner      `json:"list"`
	Ends    string       `json:"ends" format:"date-time"`
	// Left out.
	Raw []byte         `json:"raw"`
	Map map[string]int `json:"map"`
}

type base struct {
	ID     string `json:"id"`
	Number int64  `json:"number"`
}

type inner struct {
	Word  plane `json:"word"`
	Count int   `json:"count"`
}

type plane string

func thingFields() Fields[*thing] {
	f := Fields[*thing]{}
	f.Add(reflect.TypeFor[thing](), func(t *thing) reflect.Value { return reflect.ValueOf(t).Elem() })
	f.Computed("label", "", func(t *thing) any { return t.Name + "!" })
	f.Computed("size", int64(0), func(t *thing) any { return int64(len(t.Name)) })
	f.Computed("broken", int64(0), func(*thing) any { return "no number" })
	f.Computed("ratio", 0.0, func(t *thing) any { return t.Share / 2 })
	f.Computed("on", false, func(t *thing) any { return t.Active })
	f.Computed("made", time.Time{}, func(t *thing) any { return time.Unix(t.Number, 0) })
	f.Computed("words", []string{}, func(t *thing) any { return t.Tags })
	f.Computed("left_out", map[string]string{}, func(*thing) any { return nil })
	return f
}

func TestFields(t *testing.T) {
	want := map[string]Type{
		"id": String, "number": Integer, "name": String, "active": Boolean, "share": Number, "price": Money, "block": Boolean, "tags": Strings,
		"inner.word": String, "inner.count": Integer, "pointer.word": String, "pointer.count": Integer, "list.word": Strings, "ends": Time,
		"label": String, "size": Integer, "broken": Integer, "ratio": Number, "on": Boolean, "made": Time, "words": Strings,
	}
	got := map[string]Type{}
	for name, f := range thingFields() {
		got[name] = f.Type
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the fields are\n%v\nwant\n%v", got, want)
	}
}

var shown = []string{"id", "name", "tags"}

func TestMistakes(t *testing.T) {
	long := strings.Repeat("x,", mostValues)
	for _, tc := range []struct{ query, location, message string }{
		{"page[number]=0", "query.page[number]", "must be a whole number from 1 to 2147483647"},
		{"page[number]=%2B1", "query.page[number]", "must be a whole number"},
		{"page[number]=99999999999999999999", "query.page[number]", "must be a whole number"},
		{"page[size]=101", "query.page[size]", "must be a whole number from 1 to 100"},
		{"page[size]=", "query.page[size]", "must be a whole number"},
		{"page[size]=1&page[size]=2", "query.page[size]", "given more than once"},
		{"page[after]=x", "query.page[after]", "unknown parameter; allowed are fields, filter[FIELD], "},
		{"sort=nme", "query.sort", "there is no such field to choose by; did you mean name?; allowed are active, block, "},
		{"sort=", "query.sort", "there is no such field"},
		{"sort=--name", "query.sort", "there is no such field"},
		{"sort=id,id,id,id,id,id,id,id,id,id,id", "query.sort", "must name at most 10 fields, found 11"},
		{"fields=id,nam", "query.fields", "there is no such field to show; did you mean name?; allowed are id, name, tags"},
		{"fields=", "query.fields", "there is no such field"},
		{"query=" + strings.Repeat("é", 256), "query.query", "must have at most 255 characters, found 256"},
		{"query=%ff", "query.query", "must be UTF-8"},
		{"filter=x", "query.filter", "unknown parameter"},
		{"filter[name=x", "query.filter[name", "must be filter[FIELD] or filter[FIELD][OPERATOR]"},
		{"filter[name]x=x", "query.filter[name]x", "must be filter[FIELD] or"},
		{"filter[name][eq=x", "query.filter[name][eq", "must be filter[FIELD] or"},
		{"filter[name][eq]]=x", "query.filter[name][eq]]", "must be filter[FIELD] or"},
		{"filter[]=x", "query.filter[]", "there is no such field"},
		{"filter[map]=x", "query.filter[map]", "there is no such field"},
		{"filter[inner]=x", "query.filter[inner]", "there is no such field"},
		{"filter[name][like]=x", "query.filter[name][like]", "unknown operator; allowed are eq, eq_n, ne, match, gt, gte, lt, lte, in"},
		{"filter[name][eq_n]=1", "query.filter[name][eq_n]", "eq_n compares numbers, and this is a string"},
		{"filter[number][match]=1", "query.filter[number][match]", "match looks into texts, and this is a whole number"},
		{"filter[active][gt]=false", "query.filter[active][gt]", "gt needs an order, and this is a boolean"},
		{"filter[tags][lte]=a", "query.filter[tags][lte]", "lte needs an order, and this is a list of strings"},
		{"filter[number]=1.5", "query.filter[number]", "must be a whole number such as 7"},
		{"filter[number][in]=1,x", "query.filter[number][in]", "must be a whole number such as 7"},
		{"filter[share]=0x10", "query.filter[share]", "must be a number such as 7 or 0.5"},
		{"filter[share]=NaN", "query.filter[share]", "must be a number"},
		{"filter[share]=1e999", "query.filter[share]", "must be a number"},
		{"filter[price]=1,5", "query.filter[price]", "must be an amount such as 7 or 0.5"},
		{"filter[price]=.5", "query.filter[price]", "must be an amount"},
		{"filter[price]=0.1234567", "query.filter[price]", "must be an amount such as 7 or 0.5, with at most 6 decimals"},
		{"filter[price][match]=1", "query.filter[price][match]", "match looks into texts, and this is a money amount"},
		{"filter[active]=1", "query.filter[active]", "must be true or false"},
		{"filter[active]=null", "query.filter[active]", "must be true or false"},
		{"filter[made][gte]=yesterday", "query.filter[made][gte]", "must be a time such as 2026-01-31T12:00:00Z"},
		{"filter[name][in]=" + long, "query.filter[name][in]", "must have at most 100 values, found 101"},
		{strings.Repeat("filter[name]=x&", mostFilters+1), "query.filter[name]", "must not come after 20 other filters"},
	} {
		t.Run(tc.query, func(t *testing.T) {
			values, err := url.ParseQuery(tc.query)
			if err != nil {
				t.Fatal(err)
			}
			_, found := Parse(values, thingFields(), shown)
			if len(found) != 1 || found[0].Location != tc.location || !strings.HasPrefix(found[0].Message, tc.message) {
				t.Errorf("found %v, want %s: %s", found, tc.location, tc.message)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	values, _ := url.ParseQuery("page[size]=x&sort=x,-y&filter[x]=1&z=1&fields=id")
	q, found := Parse(values, thingFields(), shown)
	if len(found) != 5 || len(q.Fields) != 1 {
		t.Errorf("found %d mistakes, want 5: %v", len(found), found)
	}
	values = url.Values{}
	for i := range 3000 {
		values.Set("filter[x"+strings.Repeat("y", i)+"]", "1")
	}
	_, found = Parse(values, thingFields(), shown)
	if last := found[len(found)-1].Message; last != "and 2000 more mistakes" {
		t.Errorf("the last mistake says %q", last)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"filter[name][match]=a&sort=-number,name&page[number]=2&page[size]=3&fields=id&query=x",
		"filter[block]=null&filter[made][gte]=2026-01-01&filter[tags]=a&filter[number][in]=1,2", "filter[list.word][ne]=a", "%zz", "filter[]]", "sort=-&fields=,",
	} {
		f.Add(seed)
	}
	things := things(40)
	fields := thingFields()
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		q, found := Parse(values, fields, shown)
		for _, d := range found {
			if !strings.HasPrefix(d.Location, "query.") && !strings.HasPrefix(d.Message, "and ") || d.Message == "" {
				t.Errorf("a mistake says too little: %+v", d)
			}
		}
		if len(found) == 0 {
			page, meta := q.Run(each(things), byID)
			if len(page) > q.size || len(page) > meta.TotalCount {
				t.Errorf("%d on a page of %d, %d in all", len(page), q.size, meta.TotalCount)
			}
		}
	})
}
