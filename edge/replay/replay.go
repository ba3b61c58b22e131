// Package replay judges clicks of the past, from an access log or the event
// log, by a config of today: to see what it would have done, or what another
// one would have done differently. Time is the clicks' own, so that windows
// behave as they did, and nothing is written.
package replay

import (
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/clientip"
	"github.com/clickgate/clickgate/internal/explain"
)

// Click is one click of the past: a request, or an event.
type Click struct {
	Request *Request
	Event   *events.Row
}

// Request is what an access log knows of a click.
type Request struct {
	Address, Referer, UserAgent string
	Time                        time.Time
	// Link is what was clicked on, a path or a whole URL.
	Link string
}

// Options are what clicks are judged with beside the config.
type Options struct {
	Edge edge.Settings
	// Parts give the edge its databases; clock, ids, log and memory are the
	// player's own.
	Parts edge.Parts
	// Keys is the size of the filters' memory (state.Options).
	Keys int
}

// Player is an edge without listeners whose clock is the clicks' own.
type Player struct {
	edge *edge.Edge
	now  time.Time
}

// proxyAddr is the trusted proxy that all requests seem to come through.
var proxyAddr = net.TCPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:1"))

// NewPlayer returns a player of a valid set. Its memory is empty: the first
// clicks of a window meet no earlier ones.
func NewPlayer(o Options, set *config.Set) (*Player, error) {
	p := new(Player)
	parts := o.Parts
	addresses, err := clientip.New(clientip.Default())
	if err != nil {
		return nil, err
	}
	if parts.IDs, err = clickid.NewGenerator(0, clickid.NewKeys(time.Now())); err != nil {
		return nil, err
	}
	parts.ClientIP, parts.Log, parts.Logger = addresses, nil, zap.NewNop()
	parts.State = state.NewMemory(state.Options{Keys: o.Keys})
	parts.Now = func() time.Time { return p.now }
	p.edge = edge.New(o.Edge, parts)
	if err := p.edge.Apply(set, 1, nil); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	return p, nil
}

// Play judges one click. Clicks come in the order of their times.
func (p *Player) Play(c Click) (edge.Played, error) {
	if c.Event != nil {
		return p.edge.PlayEvent(*c.Event)
	}
	return p.edge.Play(p.request(c.Request)), nil
}

// request makes what the listener would have handed over.
func (p *Player) request(c *Request) *fasthttp.RequestCtx {
	p.now = c.Time
	var request fasthttp.Request
	request.SetRequestURI(c.Link)
	h := &request.Header
	h.Set("X-Forwarded-For", c.Address)
	h.SetUserAgent(c.UserAgent)
	h.SetReferer(c.Referer)
	// The log keeps neither: they are given, or every filter that looks at
	// them would reject everybody.
	h.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	h.Set("Accept-Language", "en")
	h.Set("Accept-Encoding", "gzip, deflate")
	if len(h.Host()) == 0 {
		h.SetHost(string(request.URI().Host()))
	}
	ctx := new(fasthttp.RequestCtx)
	ctx.Init(&request, proxyAddr, nil)
	return ctx
}

// Explain tells the way of a click that is described, as the next one played
// would go it; by the clock of the system where the request names no time.
func (p *Player) Explain(r *explain.Request) explain.Report {
	if p.now = r.Time; p.now.IsZero() {
		p.now = time.Now()
	}
	return p.edge.Explain(r)
}
