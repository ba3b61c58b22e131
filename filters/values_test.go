package filters

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/click"
)

const appleID = "6D92078A-8246-4BA4-AE5B-76104861E7DC"

func TestDeviceID(t *testing.T) {
	zeros := "00000000-0000-0000-0000-000000000000"
	for _, tc := range []struct {
		id        string
		want      Outcome // without reject_empty_value
		demanding Outcome
		detail    string
	}{
		{appleID, Pass, Pass, ""},
		{strings.ToLower(appleID), Pass, Pass, ""},
		{"9774d56d682e549c", Pass, Pass, ""},
		{strings.Repeat("aB", 16), Pass, Pass, ""},
		{strings.Repeat("c0", 20), Pass, Pass, ""},
		{strings.Repeat("9f", 32), Pass, Pass, ""},
		{"", Pass, Hit, "no device id"},
		{zeros, Pass, Hit, "no device id"},
		{strings.Repeat("0", 16), Pass, Hit, "no device id"},
		{"0000", Hit, Hit, "not a device id"},
		{"device", Hit, Hit, "not a device id"},
		{appleID + " ", Hit, Hit, "not a device id"},
		{appleID[:8] + "a" + appleID[9:], Hit, Hit, "not a device id"},
		{appleID[:13] + "a" + appleID[14:], Hit, Hit, "not a device id"},
		{appleID[:18] + "a" + appleID[19:], Hit, Hit, "not a device id"},
		{appleID[:23] + "a" + appleID[24:], Hit, Hit, "not a device id"},
		{strings.Replace(appleID, "A", "G", 1), Hit, Hit, "not a device id"},
		{strings.Repeat("-", 36), Hit, Hit, "not a device id"},
		{strings.Repeat("g", 32), Hit, Hit, "not a device id"},
		{"{device_id}", Hit, Hit, "not a device id"},
	} {
		for settings, want := range map[string]Outcome{`{}`: tc.want, `{"reject_empty_value": true}`: tc.demanding} {
			got := compile(t, deviceID, settings).Check(visitor(func(c *click.Click) { c.DeviceID = tc.id }))
			if got.Outcome != want || want == Hit && got.Detail != tc.detail {
				t.Errorf("%q under %s: %s with detail %q, want %s with %q", tc.id, settings, got.Outcome, got.Detail, want, tc.detail)
			}
		}
	}
	testRefused(t, deviceID, []refused{{`{"reject_empty": true}`, "reject_empty", "unknown field"}})
}

var deviceIDForm = regexp.MustCompile(`^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{16}|[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$`)

func FuzzDeviceID(f *testing.F) {
	for _, s := range []string{appleID, "", "9774d56d682e549c", strings.Repeat("-", 36), strings.Repeat("0", 64), "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "\n") {
			return
		}
		if got, want := isDeviceID(s), deviceIDForm.MatchString(s); got != want {
			t.Errorf("%q is a device id: %v, want %v", s, got, want)
		}
	})
}

func TestParameter(t *testing.T) {
	param := func(name, value string) click.Param { return click.Param{Name: name, Value: value} }
	const mixed = `{"configs": {"source": {"valid_values": ["news", "blog"], "blocked_values": ["blog"]}, "sub_id": {"blocked_values": ["test"]}, "gclid": {"reject_empty_value": true}}}`
	gclid := param("gclid", "1")
	for _, tc := range []struct {
		name, settings string
		subID          string
		params         []click.Param
		want           string // detail of a hit; empty passes
	}{
		{"all is well", mixed, "banner", []click.Param{gclid, param("source", "news")}, ""},
		{"not valid", mixed, "", []click.Param{gclid, param("source", "mail")}, "source: not a valid value"},
		{"case matters", mixed, "", []click.Param{gclid, param("source", "News")}, "source: not a valid value"},
		{"blocked before valid", mixed, "", []click.Param{gclid, param("source", "blog")}, "source: blocked value"},
		{"empty is not asked about", mixed, "", []click.Param{gclid, param("source", "")}, ""},
		{"missing", mixed, "", []click.Param{param("source", "news")}, "gclid: empty"},
		{"empty", mixed, "", []click.Param{param("gclid", "")}, "gclid: empty"},
		{"empty once and then not", mixed, "", []click.Param{param("gclid", ""), gclid}, ""},
		{"the second of two", mixed, "", []click.Param{gclid, param("source", "news"), param("source", "mail")}, "source: not a valid value"},
		{"a field, whatever it was called", mixed, "test", []click.Param{gclid, param("aff_sub", "test")}, "sub_id: blocked value"},
		{"a query name that a field has", mixed, "banner", []click.Param{gclid, param("sub_id", "test")}, ""},
		{"an endless value", mixed, "", []click.Param{gclid, param("source", strings.Repeat("x", 10_000))}, "source: not a valid value"},
		{"an endless name", mixed, "", []click.Param{gclid, param(strings.Repeat("x", 10_000), "1")}, ""},
		{"a field that is missing", `{"configs": {"sub_id_2": {"reject_empty_value": true}}}`, "", nil, "sub_id_2: empty"},
	} {
		got := compile(t, parameter, tc.settings).Check(visitor(func(c *click.Click) { c.SubID[0], c.Params = tc.subID, tc.params }))
		if (got.Outcome == Hit) != (tc.want != "") || got.Detail != tc.want {
			t.Errorf("%s: %s with detail %q, want %q", tc.name, got.Outcome, got.Detail, tc.want)
		}
	}
}

// Every field is read from where it is.
func TestClickFields(t *testing.T) {
	c := &click.Click{
		Offer: "offer", Publisher: "publisher", Advertiser: "advertiser", LandingPage: "landing_page",
		SubID:    [6]string{"sub_id", "sub_id_2", "sub_id_3", "sub_id_4", "sub_id_5", "sub_id_6"},
		DeviceID: "device_id", Keyword: "keyword", ExternalTransactionID: "external_transaction_id",
		BundleID: "bundle_id", SiteURL: "site_url", Coupon: "coupon_code", UserEmail: "user_email",
	}
	for name, of := range clickFields {
		if got := of(c); got != name {
			t.Errorf("the field %s is read as %q", name, got)
		}
	}
}

func TestManyParameters(t *testing.T) {
	configs := make([]string, 50)
	var all []click.Param
	for i := range configs {
		configs[i] = fmt.Sprintf(`"p%d": {"reject_empty_value": true}`, i)
		all = append(all, click.Param{Name: fmt.Sprintf("p%d", i), Value: "x"})
	}
	f := compile(t, parameter, `{"configs": {`+strings.Join(configs, ",")+`}}`)
	if got := f.Check(visitor(func(c *click.Click) { c.Params = all })); got.Outcome != Pass {
		t.Errorf("50 parameters that came: %s, %s", got.Outcome, got.Detail)
	}
	for i := range all {
		params := append(append([]click.Param{}, all[:i]...), all[i+1:]...)
		if got, want := f.Check(visitor(func(c *click.Click) { c.Params = params })), all[i].Name+": empty"; got.Detail != want {
			t.Errorf("without %s: %s with detail %q", all[i].Name, got.Outcome, got.Detail)
		}
	}
	testRefused(t, parameter, []refused{
		{`{"configs": {` + strings.Join(configs, ",") + `, "one more": {"reject_empty_value": true}}}`, "configs", "1 to 50 parameters, not 51"},
		{``, "configs", "not 0"},
		{`{"configs": {"a": {}}}`, `configs["a"]`, "asks nothing"},
		{`{"configs": {"": {"reject_empty_value": true}}}`, `configs[""]`, "1 to 100 bytes, not 0"},
		{`{"configs": {"a": {"valid_values": [""]}}}`, `configs["a"].valid_values[0]`, "is empty"},
		{`{"configs": {"a": {"blocked_values": ["` + strings.Repeat("x", 501) + `"]}}}`, `configs["a"].blocked_values[0]`, "at most 500 bytes, not 501"},
		{`{"configs": {"a": {"blocked_values": ["a"` + strings.Repeat(`,"a"`, 1000) + `]}}}`, `configs["a"].blocked_values`, "at most 1000 entries, not 1001"},
		{`{"configs": {"a": {"values": []}}}`, `configs.a.values`, "unknown field"},
	})
}

func TestSubIDValidityCheck(t *testing.T) {
	for _, tc := range []struct{ settings, id, want string }{
		{`{}`, "", ""},
		{`{}`, strings.Repeat("ä", 50), ""},
		{`{}`, strings.Repeat("ä", 51), "too long"},
		{`{"max_length": 0}`, strings.Repeat("x", 51), "too long"},
		{`{"is_integer": true}`, "", ""},
		{`{"is_integer": true}`, "0123", ""},
		{`{"is_integer": true}`, "-1", "not a number"},
		{`{"is_integer": true}`, "1.5", "not a number"},
		{`{"is_integer": true}`, "１２", "not a number"},
		{`{"min_length": 3}`, "ab", "too short"},
		{`{"min_length": 1}`, "", "no sub id"},
	} {
		got := compile(t, subIDValidityCheck, tc.settings).Check(subID(tc.id).click())
		if (got.Outcome == Hit) != (tc.want != "") || got.Detail != tc.want {
			t.Errorf("%q under %s: %s with detail %q, want %q", tc.id, tc.settings, got.Outcome, got.Detail, tc.want)
		}
	}
	testRefused(t, subIDValidityCheck, []refused{
		{`{"max_length": 51}`, "max_length", "0 to 50, not 51"},
		{`{"min_length": 51}`, "min_length", "0 to 50, not 51"},
		{`{"min_length": 6, "max_length": 5}`, "min_length", "lies above max_length, which is 5"},
		{`{"max_unique_threshold": -1}`, "max_unique_threshold", "0 to 100000, not -1"},
		{`{"unified_sub_id": "` + strings.Repeat("x", 51) + `"}`, "unified_sub_id", "at most 50 characters, not 51"},
	})
}

// The first sub ids of 24 hours are the publisher's on the offer (D-30).
func TestSurplusSubIDs(t *testing.T) {
	f := compile(t, subIDValidityCheck, `{"max_unique_threshold": 2, "unified_sub_id": "rest", "max_length": 3}`)
	for i, step := range []struct {
		id      string
		change  func(c *click.Click)
		surplus bool
	}{
		{"a", nil, false},
		{"too long", nil, false}, // is rejected and takes no place
		{"head", func(c *click.Click) { c.SubID[0], c.Purpose = "h", click.Head }, false},
		{"b", nil, false},
		{"c", nil, true},
		{"a", nil, false},
		{"h", nil, true},
		{"", nil, false},
		{"c", func(c *click.Click) { c.Purpose = click.Head }, true},
		{"c", func(c *click.Click) { c.Publisher = "9" }, false},
		{"c", func(c *click.Click) { c.Offer = "9" }, false},
		{"c", func(c *click.Click) { c.TimeMS += 25 * hour }, false},
	} {
		c := subID(step.id).click()
		if step.change != nil {
			step.change(c)
		}
		got := f.Check(c)
		if got.SurplusSubID != step.surplus || step.surplus && (got.UnifiedSubID != "rest" || got.Outcome != Pass || got.Detail != "more than 2 sub ids in 24 h") {
			t.Errorf("step %d, %q: %+v, want surplus: %v", i, step.id, got, step.surplus)
		}
	}
}
