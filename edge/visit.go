package edge

import (
	"bytes"
	"net"
	"net/netip"
	"unsafe"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/edge/price"
	"github.com/clickgate/clickgate/edge/rotate"
	"github.com/clickgate/clickgate/edge/signal"
	"github.com/clickgate/clickgate/filters"
	"github.com/clickgate/clickgate/internal/click"
)

// visit is one request on its way through the edge: the click and what the
// answer needs. It is pooled.
type visit struct {
	edge  *Edge
	click click.Click
	course
	// Memory that is kept for the next request.
	url    []byte // where he is sent
	line   []byte // the event row
	cookie []byte // the Set-Cookie header
	order  rotate.Order
	// refined is the device that client hints tell more of.
	refined click.Device
}

// course is what happens to one request and is forgotten after it.
type course struct {
	ctx  *fasthttp.RequestCtx
	snap *Snapshot

	in        *integration
	offer     *offer
	publisher *publisher
	page      *page
	smartLink *smartLink
	// chains are the filters that judged: the group's, and those of the offer's
	// fraud filter group.
	chains [2]*filters.Chain
	// eventFraud are the filters of a conversion's event; nil for the offer's.
	eventFraud *group
	// exhausted tells that no offer of the smart link takes the click.
	exhausted bool
	options   link.Options
	// beacon tells that a page calls in the background and reads no answer.
	beacon  bool
	headers headers
	hints   hints.Hints
	// broken tells that the link names something that does not exist or takes
	// no traffic: monitoring mode cannot let such a click pass.
	broken bool

	// earned is what the click is worth, and by which terms.
	earned price.Amounts
	// overCap tells that a cap is full: the click earns nothing.
	overCap bool
	// by names what gave the destination: a step of.
	by string
	// report is filled in for somebody who asks why; nil for visitors.
	report *report

	authority string // the request's Host as sent, lower case
	newUUID   bool   // the visitor brought no cookie and gets one
}

// unknownDevice stands in until the user agent has been read.
var unknownDevice click.Device

func (v *visit) begin(ctx *fasthttp.RequestCtx) {
	v.ctx = ctx
	v.snap = v.edge.snapshot.Load()
	v.click.Device = &unknownDevice
	v.click.TimeMS = v.edge.arrival(ctx).UnixMilli()
}

func (v *visit) release() {
	v.click.Reset()
	v.course = course{}
	v.url, v.line, v.cookie = v.url[:0], v.line[:0], v.cookie[:0]
}

// view is b as a string without a copy: valid as long as the request.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// readHost sets the click's host, lower case and without port.
func (v *visit) readHost() {
	start := len(v.click.Scratch)
	v.click.Scratch = append(v.click.Scratch, v.ctx.Host()...)
	b := v.click.Scratch[start:]
	for i, ch := range b {
		if 'A' <= ch && ch <= 'Z' {
			b[i] = ch + 'a' - 'A'
		}
	}
	v.authority = view(b)
	if colon := bytes.LastIndexByte(b, ':'); colon >= 0 && bytes.IndexByte(b[colon:], ']') < 0 {
		b = b[:colon]
	}
	v.click.Host = view(bytes.TrimSuffix(b, []byte(".")))
}

// read fills the click from the request: who asks, with what, and why.
func (v *visit) read() {
	c, h := &v.click, &v.ctx.Request.Header
	c.IP = v.clientIP()
	v.headers = readHeaders(h)
	c.UserAgent, c.Referer, c.AcceptLanguage = view(h.UserAgent()), v.headers.referer, v.headers.languages
	c.Purpose = v.purpose()
	v.options = v.in.mapping.Parse(c, view(v.ctx.URI().QueryString()))
	v.options.NoRedirect = v.options.NoRedirect || v.beacon
	v.edge.IDs.Next(c.TimeMS, &c.TxID)
	v.readUUID()
}

func (v *visit) clientIP() netip.Addr {
	return v.edge.ClientIP.Resolve(peerOf(v.ctx.RemoteAddr()), &v.ctx.Request.Header)
}

func peerOf(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// uuidCookie holds the visitor's id: the tx_id of the first click. Its MAC
// makes a forged one worthless.
const uuidCookie = "clickgate_uuid"

func (v *visit) readUUID() {
	c := &v.click
	cookie := view(v.ctx.Request.Header.Cookie(uuidCookie))
	if _, err := v.edge.IDs.Parse(cookie); err == nil {
		c.UUID = cookie
		return
	}
	if c.UUID == "" { // else the link brought one
		c.UUID = view(c.TxID[:])
	}
	v.newUUID = true
}

// enrich looks up what the address, the user agent and the sites tell, once.
func (v *visit) enrich() {
	c := &v.click
	v.edge.Geo.Lookup(c.IP, &c.Geo)
	c.Device = v.edge.Devices.Parse(c.UserAgent)
	if c.Purpose == click.Visit && c.Device.Unfurler {
		c.Purpose = click.Unfurl
	}
	sites := v.edge.Sites
	if c.CategoriesKnown = sites.Known(); c.CategoriesKnown {
		c.RefererCategories, c.SiteCategories = sites.Lookup(c.Referer), sites.Lookup(c.SiteURL)
	}
}

// background tells whether the offer's owner has pages and ad platforms call
// while the visitor goes elsewhere. The link alone cannot say so: who stuffs
// clicks writes it.
func (v *visit) background() bool {
	if v.offer == nil {
		return false
	}
	doc := v.offer.doc
	return doc.ParallelTrackingEnabled || doc.EnableJSTracking && v.options.NoRedirect
}

// https tells whether the visitor came by TLS, to us or to a proxy.
func (v *visit) https() bool { return v.headers.https || v.ctx.IsTLS() }

// sense looks for marks of automation in the request, and lets client hints
// that do not contradict the user agent say more than it.
func (v *visit) sense() {
	c, h := &v.click, &v.headers
	v.hints = hints.Parse(&h.hints)
	r := signal.Request{
		Marks: h.marks, Hints: &v.hints,
		HTTPS: v.https(), Proxied: v.edge.ClientIP.Trusts(peerOf(v.ctx.RemoteAddr())),
		OldHTTP: !v.ctx.Request.Header.IsHTTP11(), API: v.options.JSON || h.json,
		Background: v.background(),
	}
	c.Signals = signal.Find(c, &r)
	if !c.Signals.Has(click.SignalClientHintContradiction) {
		c.Device = v.hints.Refine(c.Device, &v.refined)
	}
}
