package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/events"
	eventlog "github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/money"
	"github.com/clickgate/clickgate/internal/natsrv"
)

// chaos is a network in three processes, one of which is away every so often,
// and its partners.
type chaos struct {
	t            *testing.T
	random       *rand.Rand
	partners     *partners
	nats         *natsProcess
	edge, worker *roleProcess
	advertiser   *retrier
	sales        []sale
	kills        int
}

// chaosSales is how many sales there are, and how often something is killed
// meanwhile: CLICKGATE_THOROUGH takes a hundred thousand, CLICKGATE_SALES what
// it says.
func chaosSales(t *testing.T) (sales, kills, senders int) {
	t.Helper()
	if text := os.Getenv("CLICKGATE_SALES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("CLICKGATE_SALES=%q: must be a number from 1 on", text)
		}
		return n, 5 + n/2000, 16
	}
	if os.Getenv("CLICKGATE_THOROUGH") != "" {
		return 100_000, 60, 32
	}
	return 400, 5, 8
}

// chaosOffer pays a tenth of a sale, and a fifth of that of its event.
const chaosOffer = "default_payout: {payout_type: CPS, payout_percent: 10, revenue_type: RPS, revenue_percent: 20}"

const chaosEvent = `
---
{kind: offer_event, id: eNUMBER, organization: demo, offer: oNUMBER, incremental_id: 900NUMBER, name: Lead, active: true, payout_type: CPS, payout_percent: 20, revenue_type: RPS, revenue_percent: 40}
`

// TestConversionsSurviveEverything: whatever of the network is killed, and
// whenever, each sale that the advertiser reports, twice, is recorded once, the
// publisher hears of it by calls with one key, and the sums are exact.
func TestConversionsSurviveEverything(t *testing.T) {
	t.Parallel()
	number, kills, senders := chaosSales(t)
	seed := uint64(1)
	if text := os.Getenv("CLICKGATE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("CLICKGATE_SEED: %v", err)
		}
	}
	t.Logf("%d sales, %d kills, CLICKGATE_SEED=%d", number, kills, seed)
	c := newChaos(t, seed, kills)
	c.sell(number)
	c.advertiser.start(c.sales, senders, c.random)
	for round := range c.kills {
		c.advertiser.awaitArrived(int64(2 * number * (round + 1) / (c.kills + 1)))
		c.strike()
	}
	c.advertiser.busy.Wait()
	c.settle()
	c.wantOnce(c.log())
}

func newChaos(t *testing.T, seed uint64, kills int) *chaos {
	t.Helper()
	c := &chaos{t: t, random: rand.New(rand.NewPCG(seed, seed)), kills: kills, partners: newPartners(t), nats: newNATSProcess(t)}
	c.partners.surly = func(call) bool { return c.flip() }
	boot, _ := writeMarket(t, c.partners, marketDocuments+offerOf(1, chaosOffer, chaosEvent))
	url := c.nats.url(c.nats.host())
	c.edge, c.worker = newRole(t, "edge", boot, url), newRole(t, "worker", boot, url)
	for _, p := range []process{c.nats, c.edge, c.worker} {
		p.up()
		p.ready()
	}
	c.advertiser = &retrier{tb: t}
	c.advertiser.edge.Store(&c.edge.edge)
	return c
}

var flips = rand.New(rand.NewPCG(7, 7))

// flip is true once in ten times. The partners call it one at a time.
func (c *chaos) flip() bool { return flips.IntN(10) == 0 }

// sell makes clicks, of which each has a conversion and an event.
func (c *chaos) sell(number int) {
	c.t.Helper()
	m := &market{node: c.edge.node, partners: c.partners}
	for i := range number {
		s := sale{cents: i + 1, goal: "lead"}
		if i%2 == 0 {
			a := m.visit(m.stranger(), "/click?offer_id=1&publisher_id="+strconv.Itoa(1+i/2%2))
			if s.goal, s.click = "", idIn(a.location); s.click == "" {
				c.t.Fatalf("a click is answered %d %s", a.status, a.location)
			}
		} else {
			s.click = c.sales[i-1].click
		}
		c.sales = append(c.sales, s)
	}
	c.edge.awaitDelivery() // clicks are not what this is about
}

// strike kills one or two of the processes, lets the advertiser try for a while
// and brings them back.
func (c *chaos) strike() {
	c.t.Helper()
	all := []process{c.nats, c.edge, c.worker}
	c.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	victims := all[:1+c.random.IntN(2)]
	c.loseClicks()
	for _, p := range victims {
		p.kill()
	}
	c.advertiser.awaitTries(10 + c.random.Int64N(50))
	for _, p := range []process{c.nats, c.edge, c.worker} { // NATS first
		for _, victim := range victims {
			if p == victim {
				p.up()
				p.ready()
			}
		}
	}
	c.advertiser.edge.Store(&c.edge.edge)
}

// loseClicks makes the worker lose its click store when it starts again, every
// other time.
func (c *chaos) loseClicks() {
	lose := c.random.IntN(2) == 0
	c.worker.before = func() {
		if lose {
			if err := os.RemoveAll(filepath.Join(c.worker.dir(), "clicks")); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// settle waits until nothing is under way any more.
func (c *chaos) settle() {
	c.t.Helper()
	if len(c.advertiser.refused) > 0 {
		c.t.Fatalf("%d reports are refused, among them\n%s", len(c.advertiser.refused), few(c.advertiser.refused))
	}
	c.edge.awaitDelivery()
	js := c.connect()
	for _, name := range []string{finishConsumer, postbackConsumer} {
		c.awaitConsumer(js, name)
	}
	c.awaitCalls()
	c.readAgain(js)
}

// The consumers that the workers share.
const (
	finishConsumer   = "clickgate-finish"
	postbackConsumer = "clickgate-postbacks"
)

func (c *chaos) connect() jetstream.JetStream {
	c.t.Helper()
	nc, err := natsrv.Connect(c.nats.dir, "the test")
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		c.t.Fatal(err)
	}
	return js
}

// readAgain makes the worker read the whole log again: it forgets how far it was
// with the postbacks. The calls that it makes up must be the ones that were made.
func (c *chaos) readAgain(js jetstream.JetStream) {
	c.t.Helper()
	c.worker.kill()
	if err := js.DeleteConsumer(c.t.Context(), eventlog.Stream, postbackConsumer); err != nil {
		c.t.Fatal(err)
	}
	c.worker.up()
	c.worker.ready()
	eventually(c.t, func() string { return "the worker does not read the log again" }, func() bool {
		_, err := js.Consumer(c.t.Context(), eventlog.Stream, postbackConsumer)
		return err == nil
	})
	c.awaitConsumer(js, postbackConsumer)
	c.await(func() string { return "calls wait\n" + c.worker.log.String() }, func() uint64 {
		return uint64(c.worker.metric("clickgate_postback_waiting_calls") + c.worker.metric("clickgate_postback_flying_calls"))
	})
}

// awaitConsumer waits until all that a consumer hands out is done. What a killed
// worker had is handed out again after half a minute.
func (c *chaos) awaitConsumer(js jetstream.JetStream, name string) {
	c.t.Helper()
	c.await(func() string { return "consumer " + name + " does not come to its end\n" + c.worker.log.String() }, func() uint64 {
		ctx, cancel := context.WithTimeout(c.t.Context(), patient)
		defer cancel()
		consumer, err := js.Consumer(ctx, eventlog.Stream, name)
		var info *jetstream.ConsumerInfo
		if err == nil {
			info, err = consumer.Info(ctx)
		}
		if err != nil {
			c.t.Fatalf("consumer %s: %v", name, err)
		}
		return info.NumPending + uint64(info.NumAckPending)
	})
}

// awaitCalls waits until the publishers have been called about all sales and
// clicks.
func (c *chaos) awaitCalls() {
	c.t.Helper()
	want := len(c.sales) + (len(c.sales)+1)/2
	c.await(func() string { return "the publishers are not called any more\n" + c.worker.log.String() }, func() uint64 {
		return uint64(max(0, want-c.partners.heardOf()))
	})
}

// await waits until nothing is left. However much there is, it must get less.
func (c *chaos) await(what func() string, left func() uint64) {
	c.t.Helper()
	last, since := left(), time.Now()
	for n := last; n > 0; n = left() {
		if n != last {
			last, since = n, time.Now()
		}
		if time.Since(since) > patient {
			c.t.Fatalf("%d are left after %s without progress: %s", n, patient, what())
		}
		<-time.After(20 * time.Millisecond)
	}
}

// log are the rows of the conversions and events.
func (c *chaos) log() []events.Row {
	c.t.Helper()
	c.edge.at = []string{"--nats-url", c.nats.url(c.nats.host())}
	return c.edge.rows("conversion,event")
}

// wantOnce compares the sales with the rows and with what the publishers hear.
func (c *chaos) wantOnce(rows []events.Row) {
	c.t.Helper()
	bySale := map[sale]events.Row{}
	for _, row := range rows {
		s := sale{click: row.Text("click_tx_id")}
		if row.Text("event_id") != "0" {
			s.goal = "lead"
		}
		if other, twice := bySale[s]; twice {
			c.t.Errorf("a sale is recorded twice:\n%s\n%s", other.Line, row.Line)
		}
		bySale[s] = row
	}
	if len(rows) != len(c.sales) {
		c.t.Errorf("%d rows, want one for each of %d sales", len(rows), len(c.sales))
	}
	byTxID(c.t, rows)
	var want, have, heard money.Amount
	for _, s := range c.sales {
		row, ok := bySale[sale{click: s.click, goal: s.goal}]
		if !ok {
			c.t.Errorf("the sale %+v is lost; its answers were %+v", s, c.advertiser.answers[s])
			continue
		}
		want = want.Add(s.payout())
		have = have.Add(c.amount(row.Text("payout")))
		heard = heard.Add(c.wantHeard(row))
		c.wantAnswers(s, row)
	}
	if have.Cmp(want) != 0 || heard.Cmp(want) != 0 {
		c.t.Errorf("the payouts are %s in the log and %s at the publishers, want %s", have, heard, want)
	}
	c.t.Logf("%d tries, payouts %s", c.advertiser.tried.Load(), have)
}

// payout is what a sale is worth to its publisher.
func (s sale) payout() money.Amount {
	if s.goal == "" {
		return money.New(int64(s.cents), 3)
	}
	return money.New(int64(2*s.cents), 3)
}

func (c *chaos) amount(text string) money.Amount {
	c.t.Helper()
	a, err := money.Parse(text)
	if err != nil {
		c.t.Errorf("an amount is %q: %v", text, err)
	}
	return a
}

// wantAnswers: whoever was told that a sale was approved was told of its row.
func (c *chaos) wantAnswers(s sale, row events.Row) {
	c.t.Helper()
	answers := c.advertiser.answers[s]
	if len(answers) != 2 {
		c.t.Errorf("%d reports of %+v are answered, want 2", len(answers), s)
	}
	for _, a := range answers {
		if a.Status != "processing" && a.TxID != row.Text("tx_id") {
			c.t.Errorf("a report of %+v is answered %+v, the row is %s", s, a, row.Line)
		}
	}
}

// wantHeard wants a publisher to be called about a row, at three doors, by as
// many calls as it takes and one key each. It returns the payout that it hears.
func (c *chaos) wantHeard(row events.Row) (payout money.Amount) {
	c.t.Helper()
	tx := row.Text("tx_id")
	keys := map[string]map[string]bool{}
	told := func() bool {
		clear(keys)
		for _, call := range c.partners.about(tx) {
			if keys[call.door] == nil {
				keys[call.door] = map[string]bool{}
			}
			keys[call.door][call.key] = true
		}
		return len(keys) >= 3
	}
	eventually(c.t, func() string { return fmt.Sprintf("the publisher heard %v of %s", keys, row.Line) }, told)
	for _, door := range []string{"any", "by_creating", "confirmed"} {
		if len(keys[door]) != 1 || keys[door][""] {
			c.t.Errorf("the calls at %s about %s have the keys %v, want one", door, tx, keys[door])
		}
	}
	return c.amount(c.partners.about(tx)[0].query.Get("payout"))
}
