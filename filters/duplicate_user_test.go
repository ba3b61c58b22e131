package filters

import (
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Each identifier repeats on its own while all others change.
func TestDuplicateUserIdentifiers(t *testing.T) {
	fresh := func(n string) *click.Click {
		return visitor(func(c *click.Click) {
			c.UUID, c.Fingerprint, c.DeviceID = "u"+n, "f"+n, "d"+n
			from("203.0.113." + n)(c)
		})
	}
	for _, tc := range []struct {
		setting string
		same    func(c *click.Click)
		reason  click.Reason
	}{
		{"enable_duplicate_ip", from("192.0.2.9"), click.DuplicateIP},
		{"enable_duplicate_ipv6", from("2001:db8::9"), click.DuplicateIPv6},
		{"enable_duplicate_uuid", func(c *click.Click) { c.UUID = "same" }, click.DuplicateUUID},
		{"enable_duplicate_fingerprint", func(c *click.Click) { c.Fingerprint = "same" }, click.DuplicateFingerprint},
		{"enable_duplicate_device_id", func(c *click.Click) { c.DeviceID = "same" }, click.DuplicateDeviceID},
	} {
		all := `[{"enable_duplicate_ip": true, "enable_duplicate_ipv6": true, "enable_duplicate_uuid": true, "enable_duplicate_fingerprint": true, "enable_duplicate_device_id": true, "max_duplicates": 2, "expires_in_seconds": 10}]`
		only := `[{"` + tc.setting + `": true, "max_duplicates": 2, "expires_in_seconds": 10}]`
		for _, settings := range []string{all, only} {
			f := compile(t, duplicateUser, settings)
			for i, want := range []Outcome{Pass, Pass, Hit, Hit} {
				c := fresh(string(rune('1' + i)))
				tc.same(c)
				got := f.Check(c)
				if got.Outcome != want {
					t.Errorf("%s: occurrence %d of one identifier is %s, want %s", settings, i+1, got.Outcome, want)
				}
				if want == Hit && (got.Reasons != click.SetOf(tc.reason) || got.Detail != "more than 2 in 10 s") {
					t.Errorf("%s: reasons %b and detail %q, want %s and the limit", settings, got.Reasons, got.Detail, tc.reason)
				}
			}
		}
	}
}

func TestDuplicateUserAnswers(t *testing.T) {
	const byIP = `"enable_duplicate_ip": true`
	rule := func(what string) string { return `[{` + what + `, "max_duplicates": 1, "expires_in_seconds": 10}]` }
	none := func(c *click.Click) { c.UUID, c.Fingerprint, c.DeviceID = "", "", "" }
	prefetch := func(c *click.Click) { c.Purpose = click.Prefetch }
	for name, tc := range map[string]struct {
		settings string
		visits   []visit
	}{
		"the window": {rule(byIP), []visit{
			{0, nil, Pass}, {9999, nil, Hit}, {10_000, nil, Pass}, {10_001, nil, Hit},
		}},
		"IPv4 does not see IPv6": {rule(byIP), []visit{{0, from("2001:db8::1"), Unknown}, {0, from("2001:db8::1"), Unknown}}},
		"IPv6 by its /64": {rule(`"enable_duplicate_ipv6": true`), []visit{
			{0, from("2001:db8::1"), Pass}, {0, from("2001:db8::ffff"), Hit}, {0, from("192.0.2.1"), Unknown},
		}},
		"no identifier is unknown": {rule(`"enable_duplicate_uuid": true, "enable_duplicate_fingerprint": true, "enable_duplicate_device_id": true`), []visit{
			{0, none, Unknown}, {0, none, Unknown}, {0, func(c *click.Click) { none(c); c.DeviceID = "d" }, Pass},
		}},
		"one value as two identifiers": {rule(`"enable_duplicate_uuid": true, "enable_duplicate_device_id": true`), []visit{
			{0, func(c *click.Click) { none(c); c.UUID = "x" }, Pass}, {0, func(c *click.Click) { none(c); c.DeviceID = "x" }, Pass},
		}},
		"a prefetch before the visit": {rule(byIP), []visit{
			{0, prefetch, Pass}, {0, prefetch, Pass}, {1, nil, Pass}, {2, prefetch, Hit}, {3, nil, Hit},
		}},
		"by offer": {rule(byIP + `, "has_offer": true`), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.Offer = "7" }, Pass}, {0, nil, Hit},
		}},
		"by publisher": {rule(byIP + `, "has_publisher": true`), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.Publisher = "7" }, Pass}, {0, nil, Hit},
		}},
		"by sub id": {rule(byIP + `, "has_sub_id": true`), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.SubID[0] = "x" }, Pass}, {0, nil, Hit},
		}},
		"by user agent": {rule(byIP + `, "has_user_agent": true`), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.UserAgent = "x" }, Pass}, {0, nil, Hit},
		}},
		"any rule may reject": {`[
			{"enable_duplicate_ip": true, "max_duplicates": 3, "expires_in_seconds": 10},
			{"enable_duplicate_ip": true, "max_duplicates": 4, "expires_in_seconds": 60}]`, []visit{
			{0, nil, Pass}, {0, nil, Pass}, {0, nil, Pass}, {1, nil, Hit}, {10_000, nil, Hit}, {60_000, nil, Pass},
		}},
	} {
		t.Run(name, func(t *testing.T) { testVisits(t, compile(t, duplicateUser, tc.settings), tc.visits) })
	}
}

func TestDuplicateUserGivesAllReasons(t *testing.T) {
	f := compile(t, duplicateUser, `[
		{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 10},
		{"enable_duplicate_uuid": true, "enable_duplicate_device_id": true, "max_duplicates": 1, "expires_in_seconds": 20}]`)
	f.Check(visitor(nil))
	want := Result{Outcome: Hit, Reasons: click.SetOf(click.DuplicateIP, click.DuplicateUUID, click.DuplicateDeviceID), Detail: "more than 1 in 10 s"}
	if got := f.Check(visitor(nil)); got != want {
		t.Errorf("the second visit gives %+v, want all reasons and the first rule's detail: %+v", got, want)
	}
}

// A rule keeps its counts when its limit or the order of the rules changes,
// and loses them when it becomes another rule.
func TestDuplicateUserAfterReload(t *testing.T) {
	const rule = `{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 10}`
	const other = `{"enable_duplicate_uuid": true, "max_duplicates": 9, "expires_in_seconds": 50}`
	for _, tc := range []struct {
		name, after string
		want        Outcome
	}{
		{"the same", `[` + rule + `]`, Hit},
		{"another rule before it", `[` + other + `, ` + rule + `]`, Hit},
		{"another limit", `[{"enable_duplicate_ip": true, "max_duplicates": 2, "expires_in_seconds": 10}]`, Pass},
		{"another window", `[{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 20}]`, Pass},
		{"another key", `[{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 10, "has_offer": true}]`, Pass},
	} {
		env := testEnv()
		before, problems := duplicateUser.New(config.Raw(`[`+rule+`]`), env)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		before.Check(visitor(nil))
		after, problems := duplicateUser.New(config.Raw(tc.after), env)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got := after.Check(visitor(nil)); got.Outcome != tc.want {
			t.Errorf("%s: the visitor's second click is %s, want %s", tc.name, got.Outcome, tc.want)
		}
	}
	env := testEnv()
	f, _ := duplicateUser.New(config.Raw(`[`+rule+`]`), env)
	f.Check(visitor(nil))
	f.Check(visitor(nil))
	f, _ = duplicateUser.New(config.Raw(`[{"enable_duplicate_ip": true, "max_duplicates": 2, "expires_in_seconds": 10}]`), env)
	if got := f.Check(visitor(nil)); got.Outcome != Hit {
		t.Errorf("after the limit went from 1 to 2, the third click is %s, want hit: its counts were lost", got.Outcome)
	}
}

func TestDuplicateUserSettings(t *testing.T) {
	const rule = `{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 10}`
	many := `[`
	for i := range maxDuplicateRules {
		many += `{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 1` + string(rune('0'+i/10)) + string(rune('0'+i%10)) + `}, `
	}
	testRefused(t, duplicateUser, []refused{
		{``, "", "1 to 20 rules, not of 0"},
		{`[]`, "", "1 to 20 rules, not of 0"},
		{many + rule + `]`, "", "not of 21"},
		{rule, "", ""},
		{`[` + rule + `, {"max_duplicates": 1, "expires_in_seconds": 10}]`, "[1]", "watches nothing"},
		{`[{"enable_duplicate_ip": true, "expires_in_seconds": 10}]`, "[0].max_duplicates", "must be 1 to 1000000000, not 0"},
		{`[{"enable_duplicate_ip": true, "max_duplicates": 1}]`, "[0].expires_in_seconds", "must be 1 to 2592000, not 0"},
		{`[{"enable_duplicate_ip": true, "max_duplicates": 1, "expires_in_seconds": 2592001}]`, "[0].expires_in_seconds", "not 2592001"},
		{`[{"has_ip": true}]`, "[0].has_ip", ""},
		{`[` + rule + `, {"enable_duplicate_uuid": true, "enable_duplicate_ip": true, "max_duplicates": 5, "expires_in_seconds": 10}]`, "[1]", "repeats rule [0]"},
	})
	if _, problems := duplicateUser.New(config.Raw(`[`+rule+`, {"enable_duplicate_uuid": true, "max_duplicates": 5, "expires_in_seconds": 10}]`), testEnv()); problems != nil {
		t.Errorf("two rules with one window that watch different things are refused: %v", problems)
	}
}
