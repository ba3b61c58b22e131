package store

import (
	"testing"

	"github.com/clickgate/clickgate/config"
)

func labelOf(tb testing.TB, s *Store, i int) string {
	tb.Helper()
	doc, ok := load(tb, s).Set.Get(advertiser(i, "").Key())
	if !ok {
		return "(none)"
	}
	return config.MetaOf(doc).Label
}

func TestLabels(t *testing.T) {
	n := startServer(t)
	s := n.open()
	one := []config.Document{advertiser(1, "one")}
	for _, c := range []struct {
		name  string
		docs  []config.Document
		label string
		want  string // the label after it
		err   string
	}{
		{"none", one, "", "", ""},
		{"one is added", one, "team-a", "team-a", ""},
		{"it stays without the option", one, "", "team-a", ""},
		{"it stays with the option", one, "team-a", "team-a", ""},
		{"another one", one, "team-b", "team-a", `advertiser/a1: label: the live document is kept in files labelled "team-a"; write label: team-b into the document to take it over`},
		{"another one that the document asks for", []config.Document{config.WithLabel(one[0], "team-b")}, "team-b", "team-b", ""},
		{"one of the document only", []config.Document{config.WithLabel(one[0], "team-c")}, "", "team-c", ""},
		{"two that differ", []config.Document{config.WithLabel(one[0], "team-c")}, "team-d", "team-c", `advertiser/a1: label: must be "team-d", the label of these files, or be left out, found "team-c"`},
		{"one that is none", one, "a b", "team-c", `label: must be 1 to 64 letters, digits, "-", "_" or ".", found "a b"`},
	} {
		_, err := Apply(t.Context(), s, c.docs, ApplyOptions{Label: c.label})
		if got := errorText(err); got != c.err {
			t.Errorf("%s: error %q, want %q", c.name, got, c.err)
		}
		if got := labelOf(t, s, 1); got != c.want {
			t.Errorf("%s: the label is %q, want %q", c.name, got, c.want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestPrune: what left the files goes, unless it carries no label or another
// one, or somebody refers to it.
func TestPrune(t *testing.T) {
	n := startServer(t)
	s := n.open()
	apply(t, s, advertisers(3, "x"), ApplyOptions{Label: "team"})
	apply(t, s, []config.Document{advertiser(4, "x")}, ApplyOptions{Label: "other"})
	apply(t, s, []config.Document{advertiser(5, "x")}, ApplyOptions{})
	apply(t, s, documents(t, `{kind: integration, id: demo, organization: org, name: Demo, type: Custom, active: true, conversion_secure_code: x}
---
{kind: offer, id: shoes, organization: org, integration: demo, name: Shoes, advertiser_id: 2}
---
{kind: publisher, id: blog, organization: org, name: Blog, label: team}
---
{kind: filter_group, id: group, organization: org, integration: demo, name: Group, priority: 1, publisher_ids: [blog]}
`), ApplyOptions{})
	before := load(t, s)
	for want, opts := range map[string]ApplyOptions{
		"prune: needs a label: it says which documents are kept in these files":              {Prune: true},
		`prune: the files hold no document; pruning would delete everything labelled "team"`: {Prune: true, Label: "team"},
		"filter_group/group: publisher_ids[0]: there is no publisher/blog any more: it would be deleted\n" +
			"offer/shoes: advertiser_id: there is no advertiser with incremental id 2 any more: it would be deleted": {Prune: true, Label: "team", Comment: "with a document"},
	} {
		var docs []config.Document
		if opts.Comment != "" {
			docs = advertisers(1, "x")
		}
		if _, err := Apply(t.Context(), s, docs, opts); errorText(err) != want {
			t.Errorf("error\n%v\nwant\n%s", err, want)
		}
	}
	if after := load(t, s); after.Version != before.Version || after.Digest != before.Digest {
		t.Errorf("refused changes made version %d of %d", after.Version, before.Version)
	}
	keep := append(advertisers(2, "x"), documents(t, "{kind: publisher, organization: org, name: Blog}")...)
	plan := apply(t, s, keep, ApplyOptions{Label: "team", Prune: true})
	if plan.Count(Deleted) != 1 || labelOf(t, s, 3) != "(none)" || labelOf(t, s, 4) != "other" || labelOf(t, s, 5) != "" {
		t.Errorf("pruned:\n%s", plan)
	}
	if again := apply(t, s, keep, ApplyOptions{Label: "team", Prune: true}); !again.Empty() {
		t.Errorf("pruned again:\n%s", again)
	}
}
