package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

const frequencyRule = `{"enable_duplicate_ip":true,"max_duplicates":1,"expires_in_seconds":60}`

// parsed is a JSON value.
func parsed(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// wantField checks a field of the entity that path answers.
func (b *bench) wantField(t *testing.T, what, path, field, want string) {
	t.Helper()
	got := b.ask("GET", path, "").want(t, what, http.StatusOK).data()[field]
	if !reflect.DeepEqual(got, parsed(t, want)) {
		text, _ := json.Marshal(got)
		t.Errorf("%s: %s is %s, want %s", what, field, text, want)
	}
}

// D-15: in the object form of impressions either name may be written, and one
// is read.
func TestFrequencyInObjectForm(t *testing.T) {
	b := newBench(t)
	w := b.world()
	integration := "/api/v2/integrations/" + w.integration
	groups := integration + "/fraud-filter-groups"
	body := func(settings string) string {
		return `{"integration":"` + w.integration + `","organization":"demo","name":"F","impression_filter_settings":` + settings + `}`
	}
	const old, read = `{"duplicate_user":[` + frequencyRule + `],"duplicate_user_enabled":true,"bot_enabled":true}`,
		`{"user_frequency":[` + frequencyRule + `],"user_frequency_enabled":true,"bot_enabled":true}`
	group := groups + "/" + b.create(groups, body(old))
	b.wantField(t, "a group with the old name", group, "impression_filter_settings", read)
	b.wantField(t, "a group with the one name", groups+"/"+b.create(groups, body(read)), "impression_filter_settings", read)

	for _, step := range []struct{ what, patch, want string }{
		{"switched off by the old name", `{"duplicate_user_enabled":false}`,
			`{"user_frequency":[` + frequencyRule + `],"user_frequency_enabled":false,"bot_enabled":true}`},
		{"on by the one name", `{"user_frequency_enabled":true,"duplicate_user":null}`,
			`{"user_frequency":[` + frequencyRule + `],"user_frequency_enabled":true,"bot_enabled":true}`},
		{"reset by the old name", `{"duplicate_user":null,"duplicate_user_enabled":null}`, `{"bot_enabled":true}`},
		{"set by the old name, the other reset", `{"duplicate_user":[` + frequencyRule + `],"user_frequency":null}`,
			`{"user_frequency":[` + frequencyRule + `],"bot_enabled":true}`},
	} {
		b.ask("PATCH", group, `{"organization":"demo","impression_filter_settings":`+step.patch+`}`).want(t, step.what, http.StatusOK)
		b.wantField(t, step.what, group, "impression_filter_settings", step.want)
	}

	b.ask("PATCH", integration, `{"organization":"demo","fraud_impression_filter_settings":`+old+`,"fraud_click_filter_settings":{"duplicate_user_enabled":false}}`).
		want(t, "an integration", http.StatusOK)
	b.wantField(t, "an integration", integration, "fraud_impression_filter_settings", read)
	b.wantField(t, "its clicks", integration, "fraud_click_filter_settings", `{"duplicate_user_enabled":false}`)
}

// In list form, too; on the other planes the name stays.
func TestFrequencyInListForm(t *testing.T) {
	b := newBench(t)
	w := b.world()
	integration := "/api/v2/integrations/" + w.integration
	groups := integration + "/filter-groups"
	types := func(path, field string) (list []string) {
		filters, _ := b.ask("GET", path, "").want(t, "read "+path, http.StatusOK).data()[field].([]any)
		for _, f := range filters {
			list = append(list, f.(map[string]any)["type"].(string))
		}
		return list
	}
	rule := func(target string) string {
		return `{"type":"DUPLICATE_USER","settings":[` + frequencyRule + `]` + target + `}`
	}
	group := groups + "/" + b.create(groups, `{"integration":"`+w.integration+`","organization":"demo","name":"G","priority":1,"filters":[`+
		rule(`,"target":"click"`)+`,`+rule(`,"target":"impression"`)+`,`+rule(`,"target":"conversion"`)+`]}`)
	if got := types(group, "filters"); !slices.Equal(got, []string{"DUPLICATE_USER", "USER_FREQUENCY", "DUPLICATE_USER"}) {
		t.Errorf("the filters of the group are %v", got)
	}
	b.ask("PATCH", integration, `{"organization":"demo","default_filters":[`+rule("")+`],"default_impression_filters":[{"type":"BOT"},`+rule("")+`]}`).
		want(t, "default filters", http.StatusOK)
	if got := types(integration, "default_impression_filters"); !slices.Equal(got, []string{"BOT", "USER_FREQUENCY"}) {
		t.Errorf("the impression filters are %v", got)
	}
	if got := types(integration, "default_filters"); !slices.Equal(got, []string{"DUPLICATE_USER"}) {
		t.Errorf("the click filters are %v", got)
	}
}

func TestFrequencyUnderBothNames(t *testing.T) {
	b := newBench(t)
	w := b.world()
	integration := "/api/v2/integrations/" + w.integration
	before := b.state()
	for _, tc := range []struct{ what, patch, at string }{
		{"both settings", `"fraud_impression_filter_settings":{"duplicate_user":[` + frequencyRule + `],"user_frequency":[` + frequencyRule + `]}`,
			"body.fraud_impression_filter_settings.duplicate_user"},
		{"settings and the other's switch", `"fraud_impression_filter_settings":{"user_frequency":[` + frequencyRule + `],"duplicate_user_enabled":false}`,
			"body.fraud_impression_filter_settings.duplicate_user_enabled"},
		{"a list of both", `"default_impression_filters":[{"type":"DUPLICATE_USER","settings":[` + frequencyRule + `]},{"type":"USER_FREQUENCY","settings":[` + frequencyRule + `]}]`,
			"body.default_impression_filters[1]"},
	} {
		got := b.ask("PATCH", integration, `{"organization":"demo",`+tc.patch+`}`).want(t, tc.what, http.StatusUnprocessableEntity)
		if !slices.Equal(got.locations(), []string{tc.at}) {
			t.Errorf("%s: the mistakes are at %v, want %s: %s", tc.what, got.locations(), tc.at, got.text)
		}
	}
	if b.state() != before {
		t.Error("a refused change changed something")
	}
}

// TestFrequencyOfFiles: what files brought is read under the one name as well,
// and a change by that name finds it.
func TestFrequencyOfFiles(t *testing.T) {
	b := newBench(t)
	w := b.world()
	snap, err := b.api.Live.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	doc := &config.FraudFilterGroup{
		Meta: config.Meta{ID: "filed", Organization: "demo"}, Integration: w.integration, Name: "Filed",
		ImpressionFilterSettings: config.FraudSettings{"duplicate_user": config.Raw("[" + frequencyRule + "]"), "duplicate_user_enabled": config.Raw("true")},
	}
	if _, err := b.api.Live.Commit(t.Context(), snap.Version, store.Change{Puts: []config.Document{doc}}); err != nil {
		t.Fatal(err)
	}
	const read = `{"user_frequency":[` + frequencyRule + `],"user_frequency_enabled":true}`
	group := "/api/v2/integrations/" + w.integration + "/fraud-filter-groups/filed"
	b.wantField(t, "as filed", group, "impression_filter_settings", read)
	b.ask("PATCH", group, `{"organization":"demo","impression_filter_settings":{"user_frequency_enabled":false}}`).want(t, "switched off", http.StatusOK)
	b.wantField(t, "switched off", group, "impression_filter_settings", `{"user_frequency":[`+frequencyRule+`],"user_frequency_enabled":false}`)
}
