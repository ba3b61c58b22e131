package e2e

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/script"
)

// tracker is the edge as the browser tests see it.
type tracker interface {
	// url is where links, the script and its calls go.
	url() string
	// clicks are the ids of the clicks recorded, in their order.
	clicks() []string
	// conversions waits for the first conversion and returns those recorded, in
	// their order: each once.
	conversions() []conversion
}

// conversion is what was recorded of a conversion.
type conversion struct {
	click, order, event, value string
}

// againstBinary makes the tests use the built clickgate; else a stand-in answers.
const againstBinary = false

// newTracker starts the edge that sends visitors of offer 1 to landing.
func newTracker(t *testing.T, landing string) tracker {
	if againstBinary {
		return startBrowserNode(t, landing)
	}
	return startStandIn(t, landing)
}

// standIn answers as the edge does and keeps what it was told in memory. It
// knows the script's endpoints only and judges nothing.
type standIn struct {
	tb               testing.TB
	address, landing string

	mu    sync.Mutex
	ids   []string
	known map[string]bool // clicks
	all   []conversion
	done  map[string]bool // orders
}

func startStandIn(t *testing.T, landing string) *standIn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &standIn{tb: t, address: "http://" + l.Addr().String(), landing: landing, known: map[string]bool{}, done: map[string]bool{}}
	server := &fasthttp.Server{Handler: s.handle, CloseOnShutdown: true, NoDefaultServerHeader: true}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Shutdown(); err != nil {
			t.Errorf("end of the stand-in: %v", err)
		}
		l.Close() // if the server had not begun yet, Shutdown did nothing
		if err := <-served; err != nil {
			t.Errorf("the stand-in: %v", err)
		}
	})
	return s
}

func (s *standIn) url() string { return s.address }

func (s *standIn) clicks() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.ids...)
}

func (s *standIn) conversions() (all []conversion) {
	eventually(s.tb, func() string { return "no conversion has been recorded" }, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		all = append([]conversion(nil), s.all...)
		return len(all) > 0
	})
	return all
}

func (s *standIn) handle(ctx *fasthttp.RequestCtx) {
	if script.CORS(ctx) {
		return
	}
	switch string(ctx.Path()) {
	case "/cg.js":
		script.Handler(ctx)
	case "/click":
		s.click(ctx)
	case "/conversion":
		answerJSON(ctx, s.convert(ctx))
	case "/pixel.gif":
		s.convert(ctx)
		ctx.SetContentType("image/gif")
		ctx.SetBodyString("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;")
	default:
		ctx.SetStatusCode(fasthttp.StatusNotFound)
	}
}

func answerJSON(ctx *fasthttp.RequestCtx, data string) {
	ctx.SetContentType("application/json")
	ctx.SetBodyString(`{"status":200,"data":` + data + `}`)
}

func (s *standIn) click(ctx *fasthttp.RequestCtx) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("%032x", len(s.ids)+0xabc)
	s.ids, s.known[id] = append(s.ids, id), true
	if ctx.QueryArgs().Has("json") {
		answerJSON(ctx, `{"status":"approved","transaction_id":"`+id+`"}`)
		return
	}
	ctx.Redirect(s.landing+"?click_id="+id, fasthttp.StatusFound)
}

// convert records a conversion of a known click, each order once.
func (s *standIn) convert(ctx *fasthttp.RequestCtx) (data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent, _ := url.ParseQuery(strings.Trim(string(ctx.URI().QueryString())+"&"+string(ctx.PostBody()), "&"))
	c := conversion{sent.Get("transaction_id"), sent.Get("external_transaction_id"), sent.Get("event"), sent.Get("purchase_value")}
	if !s.known[c.click] {
		return `{"status":"rejected","reason":"CLICK_NOT_FOUND"}`
	}
	if !s.done[c.order] {
		s.done[c.order], s.all = true, append(s.all, c)
	}
	return fmt.Sprintf(`{"status":"approved","transaction_id":"%032x"}`, len(s.all))
}
