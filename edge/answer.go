package edge

import (
	"encoding/json"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/hints"
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/internal/click"
)

// answer writes what the visitor gets: the redirect, a pixel for an
// impression, JSON for a program that asks for it, or a page that says nothing.
func (v *visit) answer() {
	v.giveUUID()
	if v.edge.settings.AskClientHints && v.https() {
		v.ctx.Response.Header.Set("Accept-CH", hints.Ask)
	}
	switch {
	case v.options.JSON || v.headers.json:
		v.answerJSON()
	case v.click.Plane == click.PlaneImpression:
		v.answerPixel()
	case v.options.NoRedirect:
		setNoStore(v.ctx)
		v.ctx.SetStatusCode(fasthttp.StatusNoContent)
	default:
		v.answerRedirect()
	}
}

func (v *visit) answerRedirect() {
	cc := &v.in.doc.ClicksConfig
	switch {
	case len(v.url) > 0:
		v.in.strategy.Write(v.ctx, v.url, v.cacheSeconds())
	case v.broken && !cc.BlockOnReject:
		redirect.WriteNotFound(v.ctx)
	default:
		redirect.WriteBlockPage(v.ctx)
	}
}

// cacheSeconds is how long a browser may keep the redirect (D-6). A rejection
// is never kept: the next click of the same visitor may be a good one.
func (v *visit) cacheSeconds() int64 {
	if v.click.Verdict.Rejected() {
		return 0
	}
	return v.in.doc.ClicksConfig.RedirectCacheExpirySeconds
}

// answerFallback sends the visitor to the integration's fallback without an
// event: sources that are dropped, and bugs.
func (v *visit) answerFallback() {
	v.ctx.Response.Reset()
	if v.in == nil || !v.goTo(v.in.fallbackTo, "global_fallback_url") {
		redirect.WriteNotFound(v.ctx)
		return
	}
	v.in.strategy.Write(v.ctx, v.url, 0)
}

// pixel is a transparent 1x1 GIF.
var pixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" +
	"!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;")

func (v *visit) answerPixel() {
	setNoStore(v.ctx)
	v.ctx.SetContentType("image/gif")
	v.ctx.SetBody(pixel)
}

func setNoStore(ctx *fasthttp.RequestCtx) {
	ctx.Response.Header.Set("Cache-Control", "no-store")
}

// jsonAnswer is the body of API mode.
type jsonAnswer struct {
	Status int      `json:"status"`
	Data   jsonData `json:"data"`
}

type jsonData struct {
	Status         string   `json:"status"` // approved or rejected
	TransactionID  string   `json:"transaction_id"`
	Reason         string   `json:"reason,omitempty"`
	Rejections     []string `json:"rejections,omitempty"`
	RedirectURL    string   `json:"redirect_url,omitempty"`
	MonitoringMode bool     `json:"monitoring_mode"`
	IsBot          bool     `json:"is_bot"`
	FilterGroupID  string   `json:"filter_group_id,omitempty"`
}

// answerJSON tells a program the verdict instead of redirecting.
func (v *visit) answerJSON() {
	c, verdict := &v.click, &v.click.Verdict
	data := jsonData{
		Status: "approved", TransactionID: string(c.TxID[:]), Reason: verdict.Primary.String(),
		RedirectURL: string(v.url), MonitoringMode: verdict.Monitoring,
		IsBot: c.Device.Bot, FilterGroupID: verdict.FilterGroupID,
	}
	if verdict.Rejected() {
		data.Status = "rejected"
	}
	for reason, rest := verdict.Rejections.Next(); reason != click.None; reason, rest = rest.Next() {
		data.Rejections = append(data.Rejections, reason.String())
	}
	setNoStore(v.ctx)
	v.ctx.SetContentType("application/json")
	body := json.NewEncoder(v.ctx)
	body.SetEscapeHTML(false)
	_ = body.Encode(jsonAnswer{Status: fasthttp.StatusOK, Data: data}) // writes to memory
}

// What follows the visitor's id in his cookie. Browsers keep it for a year, the
// longest a click may earn a conversion by default. Over https it goes
// along on other sites' pages too, where impressions are shown.
const (
	cookieRest    = "; max-age=31536000; path=/; HttpOnly; SameSite=Lax"
	cookieRestTLS = "; max-age=31536000; path=/; HttpOnly; secure; SameSite=None"
)

// giveUUID sets the visitor's cookie if he brought none. The header is put
// together here because building it by fields costs more than judging a click.
func (v *visit) giveUUID() {
	if !v.newUUID || !v.click.Counts() {
		return
	}
	rest := cookieRest
	// A visitor who forges X-Forwarded-Proto only spoils his own cookie.
	if v.https() {
		rest = cookieRestTLS
	}
	v.cookie = append(v.cookie[:0], uuidCookie+"="...)
	v.cookie = append(v.cookie, v.click.TxID[:]...)
	v.cookie = append(v.cookie, rest...)
	v.ctx.Response.Header.AddBytesV("Set-Cookie", v.cookie)
}
