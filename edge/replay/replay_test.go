package replay

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/geo"
)

// documents are a config whose flood limit is a parameter.
const documents = `
{kind: integration, id: main, organization: org, name: Main, type: Custom, active: true, monitoring_mode: false, offer_preview_enabled: false,
 clicks_config: {global_fallback_url: "https://fallback.example/"}, conversions_config: {}, conversion_secure_code: secret, default_revenue_payout: {},
 default_filters: [{type: BOT}, {type: CLICK_FLOODING, settings: {max_duplicate_ip: %d, expires_in_seconds: 600}}]}
---
{kind: advertiser, id: adv, organization: org, incremental_id: 1, name: Advertiser, active: true}
---
{kind: publisher, id: pub, organization: org, incremental_id: 1, name: Publisher, active: true}
---
{kind: offer, id: shoes, organization: org, integration: main, incremental_id: 1, name: Shoes, advertiser_id: 1, active: true}
---
{kind: landing_page, id: page, organization: org, offer: shoes, incremental_id: 1, name: Page, active: true, redirect_url: "https://shop.example/?click={click_id}&n=%d"}
`

var devices = sync.OnceValues(func() (*device.Parser, error) { return device.New(device.Options{}) })

// player judges by documents with a flood limit and a mark in the target.
func player(t *testing.T, limit, mark int) *Player {
	t.Helper()
	docs, problems := config.Decode("test.yaml", fmt.Appendf(nil, documents, limit, mark))
	set, doubled := config.NewSet(docs...)
	problems = append(append(problems, doubled...), set.Validate(config.Checks{
		Filter: filters.Check, URL: redirect.Check, Domain: redirect.CheckDomain, Targeting: target.Check,
	})...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	parsed, err := devices()
	if err != nil {
		t.Fatal(err)
	}
	places, err := geo.Open(geo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlayer(Options{Edge: edge.Settings{DefaultIntegration: "main"}, Parts: edge.Parts{Geo: places, Devices: parsed}, Keys: 1000}, set)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// accessLog is five clicks of one address: four within a minute, the last 20
// minutes later; a crawler; and a line that is none.
func accessLog(t *testing.T) Source {
	t.Helper()
	var log strings.Builder
	for _, at := range []string{"10:00:00", "10:00:10", "10:00:20", "10:00:30", "10:20:30"} {
		fmt.Fprintf(&log, "192.0.2.7 - - [17/May/2026:%s +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"%s\"\n", at, browser)
	}
	log.WriteString("192.0.2.8 - - [17/May/2026:10:21:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8.5.0\"\nnonsense\n")
	return AccessLog(file(t, "access.log", log.String()), "/click?offer_id=1&publisher_id=1")
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Windows open and close by the log's own time.
func TestSummarise(t *testing.T) {
	s, err := Summarise(player(t, 2, 1), accessLog(t))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s.Print(&out)
	for _, want := range []string{
		"6 clicks judged, 1 lines unreadable", "3  Approved", "3  Rejected", "2  CLICK_FLOODING", "1  BOT", "1  GIVT",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, &out)
		}
	}
}

func TestRefusedClicksAreCountedApart(t *testing.T) {
	path := file(t, "access.log", "192.0.2.7 - - [17/May/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"\n")
	s, err := Summarise(player(t, 2, 1), AccessLog(path, "https://nowhere.example/i/unknown/click"))
	if err != nil || s.Judged != 0 || s.refused["unknown_integration"]+s.refused["unknown_path"] != 1 {
		t.Errorf("summary %+v, %v", s, err)
	}
}

func TestCompare(t *testing.T) {
	c, err := Compare(player(t, 2, 1), player(t, 3, 1), accessLog(t))
	if err != nil {
		t.Fatal(err)
	}
	if c.Judged != 6 || c.Unreadable != 1 || c.Changed() != 1 {
		t.Errorf("%d judged, %d unreadable, %d changed; want 6, 1, 1", c.Judged, c.Unreadable, c.Changed())
	}
	var out bytes.Buffer
	c.Print(&out)
	for _, want := range []string{
		"1 decided otherwise", "1  CLICK_FLOODING -> approved",
		"2026-05-17T10:00:20.000Z 192.0.2.7  https://fallback.example/ -> https://shop.example/?click={click_id}&n=1",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the comparison lacks %q:\n%s", want, &out)
		}
	}
}

func TestCompareTellsAnotherDestination(t *testing.T) {
	c, err := Compare(player(t, 9, 1), player(t, 9, 2), accessLog(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Differences) != 1 || c.Differences[0].Count != 5 || c.Differences[0].Before != "approved" || c.Differences[0].After != "approved" {
		t.Errorf("differences %+v, want 5 approved clicks to another destination", c.Differences)
	}
	if n := len(c.Differences[0].Examples); n != shownExamples {
		t.Errorf("%d examples, want %d", n, shownExamples)
	}
}

func TestSameConfigsDecideTheSame(t *testing.T) {
	c, err := Compare(player(t, 2, 1), player(t, 2, 1), accessLog(t))
	if err != nil || c.Changed() != 0 {
		t.Errorf("a config differs from itself: %+v, %v", c, err)
	}
}

// Events that were recorded are judged as their requests were.
func TestEventsAreJudgedLikeTheirRequests(t *testing.T) {
	var rows bytes.Buffer
	recording := player(t, 2, 1)
	if _, err := accessLog(t)(func(c Click) error {
		played, err := recording.Play(c)
		rows.Write(played.Row)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	path := file(t, "events.jsonl", rows.String()+"{no json\n{}\n")
	c, err := Compare(player(t, 2, 1), player(t, 1, 1), EventFile(path))
	if err != nil {
		t.Fatal(err)
	}
	if c.Judged != 6 || c.Unreadable != 2 {
		t.Errorf("%d judged, %d unreadable, want 6 and 2", c.Judged, c.Unreadable)
	}
	if len(c.Differences) != 1 || c.Differences[0].Before != "approved" || c.Differences[0].After != "CLICK_FLOODING" || c.Differences[0].Count != 1 {
		t.Errorf("differences %+v, want the second click's", c.Differences)
	}
	s, err := Summarise(player(t, 2, 1), EventFile(path))
	if err != nil || s.tallies["rejected_primary_reason"]["CLICK_FLOODING"] != 2 || s.tallies["bot_class"]["GIVT"] != 1 {
		t.Errorf("summary %+v, %v", s, err)
	}
}
