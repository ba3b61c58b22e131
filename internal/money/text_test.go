package money

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]string{
		"0": "0", "-0": "0", "0.000": "0", "0e999": "0", "1": "1", "1.50": "1.5", "15e-1": "1.5", "0.15E+1": "1.5", "+2": "2",
		".5": "0.5", "5.": "5", "-12.340000": "-12.34", "007": "7", "0.000001": "0.000001", "1.00000000000000000000000000": "1",
		"1e12": "1000000000000", "10000e-10": "0.000001", "9999999999999.999999": "9999999999999.999999",
		"-9999999999999.9999990000": "-9999999999999.999999",
	} {
		got, err := Parse(s)
		if err != nil || got.String() != want {
			t.Errorf("%s is read as %s (%v), want %s", s, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	long := strings.Repeat("9", 400)
	for s, want := range map[string]string{
		"":                             `must be a number such as 12.50, found ""`,
		"1,50":                         `must be a number such as 12.50, found "1,50"`,
		" 1":                           `must be a number such as 12.50, found " 1"`,
		"1 EUR":                        `must be a number such as 12.50, found "1 EUR"`,
		".":                            `must be a number such as 12.50, found "."`,
		"-":                            `must be a number such as 12.50, found "-"`,
		"--1":                          `must be a number such as 12.50, found "--1"`,
		"1.2.3":                        `must be a number such as 12.50, found "1.2.3"`,
		"1e":                           `must be a number such as 12.50, found "1e"`,
		"1e+-3":                        `must be a number such as 12.50, found "1e+-3"`,
		"0x10":                         `must be a number such as 12.50, found "0x10"`,
		"NaN":                          `must be a number such as 12.50, found "NaN"`,
		"Inf":                          `must be a number such as 12.50, found "Inf"`,
		"1_000":                        `must be a number such as 12.50, found "1_000"`,
		"٣":                            `must be a number such as 12.50, found "٣"`,
		strings.Repeat("a", 50):        `must be a number such as 12.50, found "` + strings.Repeat("a", 40) + `"`,
		"0.0000001":                    "must have at most 6 decimals, found 0.0000001",
		"1e-7":                         "must have at most 6 decimals, found 1e-7",
		"1e-30":                        "must have at most 6 decimals, found 1e-30",
		"5e-20":                        "must have at most 6 decimals, found 5e-20",
		"1e-999":                       "must have at most 6 decimals, found 1e-999",
		"1.00000000000000000000001":    "must have at most 6 decimals, found 1.00000000000000000000001",
		"9999999999999.99999900000001": "must have at most 6 decimals, found 9999999999999.99999900000001",
		"10000000000000":               "must be at most 9999999999999.999999, found 10000000000000",
		"9999999999999.9999999":        "must be at most 9999999999999.999999, found 9999999999999.9999999",
		"-1e13":                        "must be at most 9999999999999.999999, found -1e13",
		"1e999":                        "must be at most 9999999999999.999999, found 1e999",
		"12345678901234567890":         "must be at most 9999999999999.999999, found 12345678901234567890",
		long:                           "must be a number such as 12.50, found " + long[:40] + "...",
	} {
		if got, err := Parse(s); err == nil || err.Error() != want || !got.IsZero() {
			t.Errorf("%.50s is read as %s (%v), want %s", s, got, err, want)
		}
	}
}

func TestJSON(t *testing.T) {
	var got struct{ A, B, C, D Amount }
	got.D = New(7, 0)
	if err := json.Unmarshal([]byte(`{"A":1.50,"B":"2.25","C":1e1,"D":null}`), &got); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got)
	if want := `{"A":1.5,"B":2.25,"C":10,"D":7}`; err != nil || string(text) != want {
		t.Errorf("comes back as %s (%v), want %s", text, err, want)
	}
	for _, bad := range []string{`true`, `{}`, `[1]`, `""`, `"x"`, `"1`, `0.0000001`, `"\u0031,5"`} {
		a := New(3, 0)
		if err := json.Unmarshal([]byte(bad), &a); err == nil || a != New(3, 0) {
			t.Errorf("%s is read as %s (%v)", bad, a, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.50", "-0", "15e-1", "9999999999999.999999", "1e-400", "0.0000001", "12345678901234567890e-7", "+.e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		exact, isNumber := new(big.Rat), false
		if len(s) < 40 && !strings.ContainsAny(s, "eEpPxXbBoO_/") {
			_, isNumber = exact.SetString(s)
		}
		if err != nil {
			if fits := rounded(exact, Decimals); isNumber && fits.Cmp(exact) == 0 {
				t.Fatalf("%q refused: %v", s, err)
			}
			return
		}
		if isNumber && rational(a).Cmp(exact) != 0 {
			t.Fatalf("%q is read as %s", s, a)
		}
		if again, err := Parse(a.String()); err != nil || again != a {
			t.Fatalf("%q is read as %s, which is read as %s (%v)", s, a, again, err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{"1.50", `"1.5"`, "null", "[]", `"\u0031"`, "1e5"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a := New(3, 0)
		if err := json.Unmarshal(text, &a); err != nil {
			if a != New(3, 0) {
				t.Fatalf("%q is refused and changes the amount to %s", text, a)
			}
			return
		}
		written, err := json.Marshal(a)
		if err != nil || !json.Valid(written) {
			t.Fatalf("%q comes back as %q (%v)", text, written, err)
		}
		var again Amount
		if err := json.Unmarshal(written, &again); err != nil || again != a {
			t.Fatalf("%q comes back as %s (%v)", written, again, err)
		}
	})
}
