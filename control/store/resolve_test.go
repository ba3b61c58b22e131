package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/config"
)

// documents decodes YAML.
func documents(tb testing.TB, text string) []config.Document {
	tb.Helper()
	docs, problems := config.Decode("test.yaml", []byte(text))
	if problems != nil {
		tb.Fatal(problems)
	}
	return docs
}

// snapshotOf holds documents of a version; numbers up to those of highest were
// handed out.
func snapshotOf(tb testing.TB, text string, highest map[config.Kind]int64) Snapshot {
	tb.Helper()
	set, problems := config.NewSet(documents(tb, text)...)
	if problems != nil {
		tb.Fatal(problems)
	}
	numbers := map[config.Kind]int64{}
	for doc := range set.All() {
		raise(numbers, doc)
	}
	for kind, n := range highest {
		numbers[kind] = max(numbers[kind], n)
	}
	return Snapshot{Set: set, numbers: numbers}
}

// brief lists documents as "id=number".
func brief(docs []config.Document) string {
	var all []string
	for _, doc := range docs {
		id := doc.Key().ID
		if n, ok := config.NumberOf(doc); ok {
			id += fmt.Sprintf("=%d", n)
		}
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

const liveDocuments = `{kind: integration, id: demo, organization: org, name: Demo}
---
{kind: integration, id: second, organization: org, name: Second}
---
{kind: publisher, id: blog, organization: org, incremental_id: 1, name: Blog}
---
{kind: publisher, id: twin-a, organization: org, incremental_id: 2, name: Twin}
---
{kind: publisher, id: twin-b, organization: org, incremental_id: 3, name: Twin}
---
{kind: publisher, id: paper, organization: org, incremental_id: 4, external_id: P1, name: Paper, label: press}
---
{kind: offer, id: shoes, organization: org, integration: demo, incremental_id: 1, external_id: S-1, name: Shoes, advertiser_id: 1}
---
{kind: landing_page, id: home, organization: org, offer: shoes, incremental_id: 1, name: Home}
---
{kind: offer_dictionary, id: d1, organization: org, integration: demo, source_id: "17", friendly_name: Old}
---
{kind: blocked_sub_id, id: b1, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: bad}
---
{kind: custom_payout, id: c1, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, event_incremental_id: 2}
---
{kind: custom_throttle, id: t1, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1}
`

func TestResolve(t *testing.T) {
	base := snapshotOf(t, liveDocuments, map[config.Kind]int64{config.KindPublisher: 9})
	for _, c := range []struct{ name, text, want, problem string }{
		{"by id", `{kind: publisher, id: blog, organization: org, name: Renamed}`, "blog=1", ""},
		{"by id, with another number", `{kind: publisher, id: blog, organization: org, incremental_id: 7, name: Blog}`, "blog=7", ""},
		{"by name", `{kind: publisher, organization: org, name: Blog}`, "blog=1", ""},
		{"by name, case matters", `{kind: publisher, organization: org, name: blog}`, "blog-2=10", ""},
		{"by external id", `{kind: publisher, organization: org, external_id: P1, name: Renamed}`, "paper=4", ""},
		{"by name, losing the external id", `{kind: publisher, organization: org, name: Paper}`, "paper=4", ""},
		{"by name, getting an external id", `{kind: publisher, organization: org, external_id: B1, name: Blog}`, "blog=1", ""},
		{"another external id is another document", `{kind: publisher, organization: org, external_id: P2, name: Paper}`, "paper-2=10", ""},
		{"the external id is surer than the place in the file", "{kind: publisher, organization: org, name: Paper}\n---\n{kind: publisher, organization: org, external_id: P1, name: Paper}", "paper-2=10 paper=4", ""},
		{"of another organization", `{kind: publisher, organization: other, name: Blog}`, "blog-2=10", ""},
		{"of another integration", `{kind: offer, organization: org, integration: second, external_id: S-1, name: Shoes, advertiser_id: 1}`, "shoes-2=2", ""},
		{"of another offer", `{kind: landing_page, organization: org, offer: hats, name: Home}`, "home-2=2", ""},
		{"of the same offer", `{kind: landing_page, organization: org, offer: shoes, name: Home}`, "home=1", ""},
		{"an integration", `{kind: integration, organization: org, name: Demo}`, "demo", ""},
		{"a new integration", `{kind: integration, organization: org, name: "Größe & Más, 2nd Œuvre!"}`, "groesse-mas-2nd-oeuvre", ""},
		{"a long name", `{kind: integration, organization: org, name: ` + strings.Repeat("ab ", 40) + `}`, strings.Repeat("ab-", 16) + "ab", ""},
		{"a name without letters of an id", `{kind: offer, organization: org, integration: demo, name: 靴, advertiser_id: 1}`, "offer=2", ""},
		{"a name of digits", `{kind: offer, organization: org, integration: demo, name: "7", advertiser_id: 1}`, "offer-7=2", ""},
		{"a dictionary", `{kind: offer_dictionary, organization: org, integration: demo, source_id: "17", friendly_name: New}`, "d1", ""},
		{"a new dictionary", `{kind: offer_dictionary, organization: org, integration: second, source_id: "17", friendly_name: New}`, "offer-dictionary-17", ""},
		{"a blocked sub id", `{kind: blocked_sub_id, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: bad}`, "b1", ""},
		{"a new blocked sub id", `{kind: blocked_sub_id, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, sub_id: worse}`, "blocked-sub-id-1-1-worse", ""},
		{"a custom payout", `{kind: custom_payout, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, event_incremental_id: 2}`, "c1", ""},
		{"a new custom payout", `{kind: custom_payout, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1}`, "custom-payout-1-1-0", ""},
		{"a custom throttle", `{kind: custom_throttle, organization: org, publisher_incremental_id: 1, offer_incremental_id: 1, throttle_percentage: 5}`, "t1", ""},
		{"numbers follow those of the files", "{kind: publisher, organization: org, name: X}\n---\n{kind: publisher, id: y, organization: org, incremental_id: 20, name: Y}\n---\n{kind: publisher, organization: org, name: Z}", "x=21 y=20 z=22", ""},
		{"an id of the files is not made twice", "{kind: publisher, organization: org, name: X}\n---\n{kind: publisher, id: x, organization: org, name: Y}", "x-2=10 x=11", ""},
		{"a document named by id is not found by name", "{kind: publisher, id: blog, organization: org, name: Other}\n---\n{kind: publisher, organization: org, name: Blog}", "blog=1 blog-2=10", ""},
		{"one twin is named by id", "{kind: publisher, id: twin-a, organization: org, name: Twin}\n---\n{kind: publisher, organization: org, name: Twin}", "twin-a=2 twin-b=3", ""},
		{"several live ones", `{kind: publisher, organization: org, name: Twin}`, "twin=10",
			`publisher/twin: id: missing, and publisher/twin-a and publisher/twin-b have this name "Twin"; give the id of the one that is meant`},
		{"two of a name", "{kind: publisher, organization: org, name: Blog}\n---\n{kind: publisher, organization: org, name: Blog}", "blog=1 blog-2=10",
			`publisher/blog-2: id: missing, and publisher/blog of the same files has this name "Blog" too; give each an id`},
		{"two new ones of a name", "{kind: publisher, organization: org, name: N}\n---\n{kind: publisher, organization: org, name: N}", "n=10 n-2=11",
			`publisher/n-2: id: missing, and publisher/n of the same files has this name "N" too; give each an id`},
		{"no name", `{kind: publisher, organization: org}`, "=10", ""},
		{"no number is left", "{kind: publisher, id: y, organization: org, incremental_id: 9223372036854775807, name: Y}\n---\n{kind: publisher, organization: org, name: Z}", "y=9223372036854775807 z=0",
			"publisher/z: incremental_id: missing, and no number is left above those that were given; give one"},
	} {
		docs, problems := Resolve(base, documents(t, c.text))
		if got := brief(docs); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := problems.Error(); got != c.problem {
			t.Errorf("%s: problems %q, want %q", c.name, got, c.problem)
		}
	}
}

// TestResolveAmongMany: an error names a few documents, not thousands, and made
// up ids go on counting.
func TestResolveAmongMany(t *testing.T) {
	var live, files []config.Document
	for i := range 3000 {
		live = append(live, &config.Publisher{Meta: config.Meta{ID: fmt.Sprintf("p%d", i), Organization: "org"}, IncrementalID: int64(i + 1), Name: "P"})
		files = append(files, &config.Publisher{Meta: config.Meta{Organization: "org"}, Name: "New", ExternalID: fmt.Sprint(i)})
	}
	set, _ := config.NewSet(live...)
	base := Snapshot{Set: set, numbers: map[config.Kind]int64{config.KindPublisher: 3000}}
	docs, problems := Resolve(base, append(files, documents(t, "{kind: publisher, organization: org, name: P}")...))
	if got := docs[2999].Key().ID; got != "new-3000" || len(problems) != 1 {
		t.Errorf("the last id is %s, problems %v", got, problems)
	}
	want := `publisher/p: id: missing, and publisher/p0, publisher/p1, publisher/p10, publisher/p100, publisher/p1000 and more have this name "P"; give the id of the one that is meant`
	if got := problems.Error(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestResolveTwinsAroundTaken: a live document that a file names by id does not
// hide that there are several others.
func TestResolveTwinsAroundTaken(t *testing.T) {
	base := snapshotOf(t, strings.Join([]string{
		"{kind: publisher, id: p0, organization: org, incremental_id: 1, name: P}",
		"{kind: publisher, id: p1, organization: org, incremental_id: 2, name: P}",
		"{kind: publisher, id: p2, organization: org, incremental_id: 3, name: P}",
	}, "\n---\n"), nil)
	const nameless = "\n---\n{kind: publisher, organization: org, name: P}"
	_, problems := Resolve(base, documents(t, "{kind: publisher, id: p1, organization: org, name: P}"+nameless+nameless))
	for i, id := range []string{"p", "p-2"} {
		want := "publisher/" + id + `: id: missing, and publisher/p0 and publisher/p2 have this name "P"; give the id of the one that is meant`
		if i >= len(problems) || problems[i].String() != want {
			t.Errorf("problems %v, want number %d to be %s", problems, i, want)
		}
	}
}

// TestResolveAgain: whatever files hold, applied again they find the documents
// that they made, and in any order.
func TestResolveAgain(t *testing.T) {
	names, ids := []string{"A", "B", "C"}, []string{"", "", "", "a", "b-2"}
	random := rand.New(rand.NewPCG(5, 11))
	compared := 0
	for range 3000 {
		var files []config.Document
		for range 1 + random.IntN(5) {
			external := ""
			if random.IntN(2) == 0 {
				external = "X" + names[random.IntN(3)]
			}
			files = append(files, &config.Publisher{
				Meta: config.Meta{ID: ids[random.IntN(len(ids))], Organization: "org"},
				Name: names[random.IntN(3)], ExternalID: external,
			})
		}
		base := Snapshot{Set: new(config.Set)}
		first, problems := Resolve(base, files)
		set, doubled := config.NewSet(first...)
		if len(problems)+len(doubled)+len(set.Validate(config.Checks{})) > 0 {
			continue
		}
		compared++
		numbers := map[config.Kind]int64{}
		for _, doc := range first {
			raise(numbers, doc)
		}
		order := random.Perm(len(files))
		shuffled := make([]config.Document, len(files))
		for i, at := range order {
			shuffled[i] = files[at]
		}
		again, problems := Resolve(Snapshot{Set: set, numbers: numbers}, shuffled)
		after, _ := config.NewSet(again...)
		if len(problems) > 0 || after.Digest() != set.Digest() {
			t.Fatalf("%s became %s (%v)", brief(first), brief(again), problems)
		}
	}
	if compared < 500 {
		t.Errorf("only %d sets of files were good enough to compare", compared)
	}
}

func TestApplyWithoutIDs(t *testing.T) {
	n := startServer(t)
	s := n.open()
	const text = `{kind: publisher, organization: org, name: One}
---
{kind: publisher, organization: org, name: Two, external_id: X}
`
	apply(t, s, documents(t, text), ApplyOptions{})
	if plan := apply(t, s, documents(t, text), ApplyOptions{}); !plan.Empty() || plan.Version != 1 {
		t.Errorf("applied again:\n%s", plan)
	}
	commit(t, s, 1, Change{Deletes: []config.Key{{Kind: config.KindPublisher, ID: "two"}}})
	plan := apply(t, s, documents(t, text), ApplyOptions{})
	two, _ := load(t, s).Set.Get(config.Key{Kind: config.KindPublisher, ID: "two"})
	if number, _ := config.NumberOf(two); number != 3 || plan.Count(Created) != 1 {
		t.Errorf("a document made again has number %d, want 3, since 2 was handed out:\n%s", number, plan)
	}
	if names := plan.Names(); !slices.Equal(names, []config.Key{{Kind: config.KindPublisher, ID: "one"}, {Kind: config.KindPublisher, ID: "two"}}) {
		t.Errorf("the documents are called %v", names)
	}
}

// TestReferencesNeedIDs: a document that others refer to cannot be found by a
// made-up id.
func TestReferencesNeedIDs(t *testing.T) {
	n := startServer(t)
	_, err := Apply(t.Context(), n.open(), documents(t, `{kind: advertiser, organization: org, name: Acme}
---
{kind: offer, id: shoes, organization: org, integration: nowhere, name: Shoes, advertiser_id: 7}
`), ApplyOptions{})
	want := "offer/shoes: advertiser_id: there is no advertiser with incremental id 7; one of this kind has no id in its file: give it the id or number by which others refer to it\n" +
		"offer/shoes: integration: there is no integration/nowhere"
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
}

// FuzzResolve wants that whatever a file holds, it can be applied a second time
// with nothing to change.
func FuzzResolve(f *testing.F) {
	f.Add(liveDocuments)
	f.Add("{kind: offer, organization: o, name: A}\n---\n{kind: offer, organization: o, name: a}\n---\n{kind: offer_event, name: '-'}")
	f.Fuzz(func(t *testing.T, content string) {
		read := config.Read(strings.NewReader(content), config.Stdin)
		docs, problems := Resolve(Snapshot{Set: new(config.Set)}, read.Documents)
		set, doubled := config.NewSet(docs...)
		names := make([]config.Key, len(docs))
		numbers := map[config.Kind]int64{}
		for i, doc := range docs {
			names[i] = doc.Key()
			raise(numbers, doc)
		}
		found := append(append(problems, doubled...), set.Validate(config.Checks{})...)
		if told := read.Mistakes(found, names); len(told) > 0 {
			return
		}
		again, problems := Resolve(Snapshot{Set: set, numbers: numbers}, read.Documents)
		after, _ := config.NewSet(again...)
		if len(problems) > 0 || after.Digest() != set.Digest() {
			t.Errorf("%s became %s: %v", brief(docs), brief(again), problems)
		}
	})
}
