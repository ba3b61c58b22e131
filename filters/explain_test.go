package filters

import (
	"encoding/json"
	"slices"
	"testing"
	"unsafe"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// An explanation says what judging would, before and after limits are reached,
// and leaves no trace.
func TestExplainSaysWhatJudgeDoes(t *testing.T) {
	env := testEnv()
	chains, problems := CompileGroup(examples(), env)
	if problems.Any() {
		t.Fatal(problems)
	}
	for i := range 40 {
		for plane := range chains {
			c := visitor(func(c *click.Click) { c.Plane = click.Plane(plane) })
			c.TimeMS += int64(i)
			if i%3 == 0 {
				behindVPN(c)
			}
			before, statsBefore := *c, usedBy(env.State)
			var told, judged click.Verdict
			block := Explain(c, &told, chains[plane], nil, func(Step) {})
			if used := usedBy(env.State); used != statsBefore {
				t.Fatalf("explaining changed the state from %d to %d entries", statsBefore, used)
			}
			if c.Trial != before.Trial {
				t.Error("the click was changed")
			}
			if got := Judge(c, &judged, chains[plane], nil); told != judged || got != block {
				t.Fatalf("click %d on plane %d is explained as\n%+v\nand judged as\n%+v", i, plane, told, judged)
			}
			Record(c, &judged, chains[plane], nil)
		}
	}
}

func TestExplainCountsNothing(t *testing.T) {
	env := testEnv()
	chains, problems := CompileGroup(Lists{{{Type: "CLICK_FLOODING", Settings: config.Raw(`{"max_duplicate_ip": 2, "expires_in_seconds": 10, "extra_expires_in_seconds_when_rejected": 60}`)}}}, env)
	if problems.Any() {
		t.Fatal(problems)
	}
	chain := chains[click.PlaneClick]
	results := byKind[click.FilterClickFlooding].results
	before := results[Pass].Get() + results[Hit].Get()
	for range 10 {
		var v click.Verdict
		Explain(visitor(nil), &v, chain, nil, func(Step) {})
		trial := visitor(nil)
		trial.Trial = true
		Judge(trial, &v, chain, nil)
		if v.Rejected() {
			t.Fatal("explanations count")
		}
	}
	if after := results[Pass].Get() + results[Hit].Get(); after != before {
		t.Errorf("explanations and trials appear in the metrics: %d", after-before)
	}
}

func TestExplainSteps(t *testing.T) {
	env := testEnv()
	compileList := func(list ...config.Filter) *Chain {
		chains, problems := CompileGroup(Lists{list}, env)
		if problems.Any() {
			t.Fatal(problems)
		}
		return chains[click.PlaneClick]
	}
	first := compileList(
		config.Filter{Type: "CLICK_FLOODING", Settings: config.Raw(`{"max_duplicate_ip": 20, "expires_in_seconds": 3600, "properties": {"has_sub_id": true}}`)},
		config.Filter{Type: "ISP", Settings: config.Raw(`{"keywords": ["vodafone"]}`), Invert: true})
	second := compileList(
		config.Filter{Type: "ISP", Settings: config.Raw(`{"keywords": ["telekom"]}`)},
		config.Filter{Type: "VPN", Settings: config.Raw(`{"lookback_hours": 24, "minimum_request_count": 1, "threshold_percentage": 20}`)})
	c := visitor(behindVPN)
	var v click.Verdict
	for range 3 {
		Judge(c, &v, first, second)
	}
	var steps []Step
	v = click.Verdict{}
	Explain(c, &v, first, second, func(s Step) { steps = append(steps, s) })
	text, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 4 {
		t.Fatalf("%d steps, want 4: %s", len(steps), text)
	}
	flooding, isp, skipped, vpn := steps[0], steps[1], steps[2], steps[3]
	if flooding.Type != click.FilterClickFlooding || flooding.Outcome != Pass || flooding.Second || flooding.Skipped {
		t.Errorf("the first step is %+v", flooding)
	}
	if want := (Count{"address", 4, 20, 3600}); !slices.Contains(flooding.Counts, want) || want.String() != "4 of 20 in 3600 s" {
		t.Errorf("counts are %v, want %v among them", flooding.Counts, want)
	}
	for _, want := range []Input{{"ip", "192.0.2.1"}, {"sub_id", "banner"}} {
		if !slices.Contains(flooding.Inputs, want) {
			t.Errorf("inputs are %v, want %v among them", flooding.Inputs, want)
		}
	}
	const settings = `{"max_duplicate_ip":20,"max_duplicate_ipv6_48":1280,"expires_in_seconds":3600,"properties":{"has_offer":false,"has_publisher":false,"has_sub_id":true,"has_user_agent":false}}`
	if string(flooding.Settings) != settings {
		t.Errorf("settings are %s, want those in effect: %s", flooding.Settings, settings)
	}
	if isp.Outcome != Hit || !isp.Invert || isp.Suspicious || isp.Detail != "inverted" || !slices.Equal(isp.Reasons, []click.Reason{click.ISP}) {
		t.Errorf("an inverted filter is told as %+v", isp)
	}
	if !skipped.Second || !skipped.Skipped || skipped.Outcome != Pass || skipped.Reasons != nil {
		t.Errorf("a filter that the first chain has too is told as %+v", skipped)
	}
	if vpn.Outcome != Hit || !vpn.Suspicious || vpn.Detail != "VPN" || !vpn.Second || vpn.Skipped {
		t.Errorf("the VPN filter is told as %+v", vpn)
	}
	if want := []Count{{"requests", 3, 1, 24 * 3600}, {"suspicious_requests", 3, 0, 24 * 3600}}; !slices.Equal(vpn.Counts, want) {
		t.Errorf("counts are %v, want %v", vpn.Counts, want)
	}
	if !v.Hit.Has(click.FilterVPN) || v.Primary != click.ISP {
		t.Errorf("the verdict is %+v", v)
	}
}

func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// A step outlives the click's memory.
func TestStepsAreCopies(t *testing.T) {
	keyword := []byte("shoes")
	c := visitor(func(c *click.Click) { c.Keyword, c.Geo.ISP = view(keyword), view(keyword) })
	chains, problems := CompileGroup(Lists{{
		{Type: "KEYWORD", Settings: config.Raw(`{"keywords": ["hats"]}`)}, {Type: "ISP", Settings: config.Raw(`{"keywords": ["shoes"]}`)},
	}}, testEnv())
	if problems.Any() {
		t.Fatal(problems)
	}
	var steps []Step
	Explain(c, new(click.Verdict), chains[click.PlaneClick], nil, func(s Step) { steps = append(steps, s) })
	copy(keyword, "xxxxx")
	if steps[0].Inputs[0].Value != "shoes" || steps[1].Detail != "shoes" {
		t.Errorf("a step changed with the click: %+v", steps)
	}
}
