package filters

import (
	"net/netip"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// visit is a click that comes some milliseconds after noon.
type visit struct {
	at     int64
	change func(c *click.Click)
	want   Outcome
}

func testVisits(t *testing.T, f Filter, visits []visit) {
	t.Helper()
	for i, v := range visits {
		c := visitor(v.change)
		c.TimeMS += v.at
		if got := f.Check(c); got.Outcome != v.want {
			t.Errorf("visit %d at %d ms: %s, want %s", i, v.at, got.Outcome, v.want)
		}
	}
}

func from(ip string) func(c *click.Click) {
	return func(c *click.Click) { c.IP = netip.MustParseAddr(ip) }
}

func TestClickFlooding(t *testing.T) {
	const plain = `{"max_duplicate_ip": 2, "expires_in_seconds": 10}`
	const extra = `{"max_duplicate_ip": 2, "expires_in_seconds": 10, "extra_expires_in_seconds_when_rejected": 60}`
	with := func(property string) string {
		return `{"max_duplicate_ip": 1, "expires_in_seconds": 10, "properties": {"` + property + `": true}}`
	}
	head := func(c *click.Click) { c.Purpose = click.Head }
	for name, tc := range map[string]struct {
		settings string
		visits   []visit
	}{
		"two are allowed, the third is one too many": {plain, []visit{
			{0, nil, Pass}, {1, nil, Pass}, {2, nil, Hit}, {9999, nil, Hit}, {10_000, nil, Pass},
		}},
		"each address for itself": {plain, []visit{
			{0, nil, Pass}, {0, nil, Pass}, {0, nil, Hit}, {0, from("192.0.2.2"), Pass},
		}},
		"IPv6 by its /64": {plain, []visit{
			{0, from("2001:db8::1"), Pass}, {0, from("2001:db8::2"), Pass}, {0, from("2001:db8::3"), Hit}, {0, from("2001:db8:0:1::1"), Pass},
		}},
		"a rejection prolongs the window": {extra, []visit{
			{0, nil, Pass}, {0, nil, Pass}, {5000, nil, Hit}, {69_999, nil, Hit}, {129_999, nil, Hit}, {190_000, nil, Pass},
		}},
		"without rejection nothing is prolonged": {extra, []visit{
			{0, nil, Pass}, {0, nil, Pass}, {10_000, nil, Pass},
		}},
		"a HEAD request is judged as if it counted": {extra, []visit{
			{0, nil, Pass}, {0, head, Pass}, {0, nil, Pass}, {0, head, Hit}, {10_000, nil, Pass},
		}},
		"by offer": {with("has_offer"), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.Offer = "7" }, Pass}, {0, nil, Hit},
		}},
		"by resolved offer": {with("has_offer"), []visit{
			{0, func(c *click.Click) { c.Link.OfferID = "o" }, Pass},
			{0, func(c *click.Click) { c.Link.OfferID, c.Offer = "o", "alias" }, Hit},
			{0, func(c *click.Click) { c.Offer = "o" }, Pass}, // not resolved: another thing of that name
		}},
		"by publisher": {with("has_publisher"), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.Publisher = "7" }, Pass}, {0, nil, Hit},
		}},
		"by resolved publisher": {with("has_publisher"), []visit{
			{0, func(c *click.Click) { c.Link.PublisherID = "p" }, Pass},
			{0, func(c *click.Click) { c.Link.PublisherID, c.Publisher = "p", "alias" }, Hit},
			{0, func(c *click.Click) { c.Publisher = "p" }, Pass},
		}},
		"by sub id": {with("has_sub_id"), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.SubID[0] = "x" }, Pass}, {0, func(c *click.Click) { c.SubID[1] = "x" }, Hit},
		}},
		"by user agent": {with("has_user_agent"), []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.UserAgent = "x" }, Pass}, {0, nil, Hit},
		}},
		"by nothing": {`{"max_duplicate_ip": 1, "expires_in_seconds": 10, "properties": {}}`, []visit{
			{0, nil, Pass}, {0, func(c *click.Click) { c.Offer, c.Publisher, c.UserAgent, c.SubID[0] = "", "", "", "" }, Hit},
		}},
		"no address": {plain, []visit{
			{0, func(c *click.Click) { c.IP = netip.Addr{} }, Unknown},
		}},
	} {
		t.Run(name, func(t *testing.T) { testVisits(t, compile(t, clickFlooding, tc.settings), tc.visits) })
	}
}

// A flooder who never stops stays out, and the window never overflows.
func TestClickFloodingGoesOn(t *testing.T) {
	f := compile(t, clickFlooding, `{"max_duplicate_ip": 1, "expires_in_seconds": 2592000, "extra_expires_in_seconds_when_rejected": 2592000}`)
	c := visitor(nil)
	f.Check(c)
	for i := range 2000 {
		c.TimeMS += 3600 * 1000
		if got := f.Check(c); got.Outcome != Hit {
			t.Fatalf("after %d hours without a pause the flooder is let in: %s", i+1, got.Outcome)
		}
	}
	c.TimeMS += 90*24*3600*1000 + 125
	if got := f.Check(c); got.Outcome != Pass {
		t.Errorf("90 days after the last click the address is still kept out: %s", got.Outcome)
	}
}

func TestClickFloodingResult(t *testing.T) {
	f := compile(t, clickFlooding, `{"max_duplicate_ip": 1, "expires_in_seconds": 60}`)
	f.Check(visitor(nil))
	got := f.Check(visitor(nil))
	if want := (Result{Outcome: Hit, Reasons: click.SetOf(click.ClickFlooding), Detail: "more than 1 in 60 s"}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
}

// A value of the wrong type is one mistake, not out of range as well.
func TestMistakesAreNamedOnce(t *testing.T) {
	_, problems := clickFlooding.New(config.Raw(`{"max_duplicate_ip": "many", "expires_in_seconds": 10}`), testEnv())
	if len(problems) != 1 {
		t.Errorf("one mistake gives %d problems:\n%v", len(problems), problems)
	}
}

func TestClickFloodingSettings(t *testing.T) {
	const extra = "extra_expires_in_seconds_when_rejected"
	testRefused(t, clickFlooding, []refused{
		{``, "max_duplicate_ip", "must be 1 to 1000000000, not 0"},
		{``, "expires_in_seconds", "must be 1 to 2592000, not 0"},
		{`{"max_duplicate_ip": 1000000001}`, "max_duplicate_ip", "not 1000000001"},
		{`{"expires_in_seconds": 2592001}`, "expires_in_seconds", "not 2592001"},
		{`{"` + extra + `": 0}`, extra, "must be 1 to 2592000, not 0"},
		{`{"` + extra + `": 2592001}`, extra, "not 2592001"},
		{`{"properties": {"has_ip": true}}`, "properties.has_ip", ""},
		{`{"has_offer": true}`, "has_offer", ""},
	})
}
