package convert

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

func TestMapping(t *testing.T) {
	for name, tt := range map[string]struct {
		config config.ConversionParameters
		query  string
		field  Field
		want   string
	}{
		"canonical":                          {config.ConversionParameters{}, "transaction_id=a", ClickID, "a"},
		"canonical, second name":             {config.ConversionParameters{}, "click_id=a", ClickID, "a"},
		"canonical, in the list's order":     {config.ConversionParameters{}, "click_id=b&transaction_id=a", ClickID, "a"},
		"listed":                             {config.ConversionParameters{PurchaseValue: []string{"sum"}}, "sum=9.5", PurchaseValue, "9.5"},
		"listed, canonical is not read":      {config.ConversionParameters{PurchaseValue: []string{"sum"}}, "purchase_value=9.5", PurchaseValue, ""},
		"listed, first with a value":         {config.ConversionParameters{PurchaseValue: []string{"a", "b"}}, "b=2&a=", PurchaseValue, "2"},
		"taken over by another field":        {config.ConversionParameters{ExternalTransactionID: []string{"transaction_id"}}, "transaction_id=x&click_id=c", ClickID, "c"},
		"of equal names the first":           {config.ConversionParameters{}, "goal=1&goal=2", Event, "1"},
		"the click, canonical beside a list": {config.ConversionParameters{ClickTransactionID: []string{"cid"}}, "transaction_id=a", ClickID, "a"},
		"the click, the list goes before":    {config.ConversionParameters{ClickTransactionID: []string{"cid"}}, "transaction_id=a&cid=b", ClickID, "b"},
		"case-sensitive":                     {config.ConversionParameters{}, "Goal=1", Event, ""},
	} {
		t.Run(name, func(t *testing.T) {
			params, err := ReadQuery(nil, tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := NewMapping(&tt.config).Map(params)[tt.field]; got != tt.want {
				t.Errorf("%s is %q, want %q", tt.field, got, tt.want)
			}
		})
	}
}

func TestEveryFieldHasANameOfItsOwn(t *testing.T) {
	seen := map[string]Field{}
	for f := range fieldCount {
		for _, name := range canonical[f] {
			if other, taken := seen[name]; taken {
				t.Errorf("%s feeds %s and %s", name, other, f)
			}
			seen[name] = f
		}
		if len(canonical[f]) == 0 {
			t.Errorf("field %d has no name", f)
		}
	}
}

func TestForget(t *testing.T) {
	m := NewMapping(&config.ConversionParameters{Secure: []string{"pw"}})
	params, _ := ReadQuery(nil, "a=1&pw=secret&signature=00&secure=kept")
	m.Map(params)
	want := []click.Param{{Name: "a", Value: "1"}, {Name: "secure", Value: "kept"}}
	got := m.Forget(params)
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("kept %v, want %v", got, want)
	}
}
