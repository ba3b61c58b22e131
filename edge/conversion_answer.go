package edge

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
)

// answerConversion answers in the form of the endpoint: an image and a page for
// browsers, whatever became of the conversion, for their visitors are nobody's
// business partners; else in the words of the system that the integration
// speaks.
func (v *visit) answerConversion(endpoint link.Endpoint, r result) {
	setNoStore(v.ctx)
	switch {
	case endpoint == link.Pixel:
		v.answerPixel()
	case endpoint == link.PixelPage:
		v.answerPixelPage(r)
	case v.in.doc.ConversionsConfig.AnswerFormat == "tune":
		answerTune(v.ctx, r)
	case v.in.doc.ConversionsConfig.AnswerFormat == "affise":
		answerAffise(v.ctx, r)
	default:
		code, body := httpStatus(r), v.conversionAnswer(r)
		if v.in.doc.ConversionsConfig.AnswerFormat == "metrics24" {
			writeJSON(v.ctx, code, body.Data)
			return
		}
		writeJSON(v.ctx, code, body)
	}
}

// httpStatus is the answer's status: 200 for whatever was taken, repeats
// included, so that nobody sends it again.
func httpStatus(r result) int {
	if r.Refused != nil {
		return r.Refused.Status
	}
	return fasthttp.StatusOK
}

// conversionAnswer is the answer of the standard format.
type conversionAnswer struct {
	Status int            `json:"status"`
	Data   map[string]any `json:"data"`
}

func (v *visit) conversionAnswer(r result) conversionAnswer {
	data := map[string]any{"status": statusWord(r)}
	add := func(name, value string) {
		if value != "" {
			data[name] = value
		}
	}
	if r.Refused != nil {
		add("reason", r.Refused.Reason)
		add("message", r.Refused.Detail)
		return conversionAnswer{r.Refused.Status, data}
	}
	add("transaction_id", r.TxID)
	add("click_transaction_id", r.ClickTxID)
	add("reason", r.Reason)
	if r.Duplicate {
		data["duplicate"] = true
	}
	if r.Amendment {
		data["updated"] = r.Updated
	}
	v.addFields(data, r)
	return conversionAnswer{fasthttp.StatusOK, data}
}

// statusWord is the status as answers have it, in lower case: approved,
// rejected, pending, hold, not_found, pending_cap, processing, or refused.
func statusWord(r result) string {
	switch {
	case r.Refused != nil:
		return "refused"
	case r.Processing:
		return "processing"
	case r.Status == click.NoStatus:
		return "duplicate"
	}
	return strings.ToLower(r.Status.String())
}

// addFields adds the fields of the row that the request asks for by name, with
// commas: fields=payout,country.
func (v *visit) addFields(data map[string]any, r result) {
	names := string(v.ctx.QueryArgs().Peek(convert.AnswerFields.String()))
	if names == "" || len(r.Row) == 0 {
		return
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(r.Row, &fields) != nil {
		return
	}
	for name := range strings.SplitSeq(names, ",") {
		if value, ok := fields[strings.TrimSpace(name)]; ok {
			if _, taken := data[name]; !taken {
				data[strings.TrimSpace(name)] = value
			}
		}
	}
}

func writeJSON(ctx *fasthttp.RequestCtx, code int, body any) {
	ctx.SetStatusCode(code)
	ctx.SetContentType("application/json")
	if code == fasthttp.StatusServiceUnavailable {
		ctx.Response.Header.Set("Retry-After", "5")
	}
	e := json.NewEncoder(ctx)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // writes to memory
}

// answerAffise answers as Affise's postback endpoint: the number of the status,
// and 200 for whatever was taken.
func answerAffise(ctx *fasthttp.RequestCtx, r result) {
	if r.Refused != nil {
		writeJSON(ctx, r.Refused.Status, map[string]any{"status": 2, "error": r.Refused.Detail})
		return
	}
	message := "Conversion was accepted"
	if r.Duplicate {
		message = "Conversion was accepted before"
	}
	data := map[string]any{"status": 1, "message": message, "action_id": r.TxID}
	if n := r.Status.AffiseNumber(); n != 0 {
		data["conversion_status"] = n
	}
	writeJSON(ctx, fasthttp.StatusOK, data)
}

// answerTune answers as TUNE's server postback endpoint: a line of text.
func answerTune(ctx *fasthttp.RequestCtx, r result) {
	ctx.SetContentType("text/plain; charset=utf-8")
	if r.Refused != nil {
		ctx.SetStatusCode(r.Refused.Status)
		ctx.SetBodyString("success=false;error=" + r.Refused.Reason + ";message=" + r.Refused.Detail + ";\n")
		return
	}
	ctx.SetBodyString(fmt.Sprintf("success=true;transaction_id=%s;status=%s;\n", r.TxID, statusWord(r)))
}

// batchAnswer is the answer to a batch: one for each conversion, in its order.
type batchAnswer struct {
	Status int                `json:"status"`
	Data   []conversionAnswer `json:"data"`
}

func (v *visit) answerBatch(results []result) {
	setNoStore(v.ctx)
	body := batchAnswer{Status: fasthttp.StatusOK}
	for _, r := range results {
		body.Data = append(body.Data, v.conversionAnswer(r))
	}
	writeJSON(v.ctx, fasthttp.StatusOK, body)
}

// newIntake is what the request says about its sender.
func (v *visit) newIntake(endpoint link.Endpoint) events.Intake {
	h := &v.ctx.Request.Header
	return events.Intake{
		ReceivedMS: v.click.TimeMS, IntegrationID: v.in.doc.ID, Endpoint: endpointNames[endpoint],
		Method: string(h.Method()), Host: strings.Clone(v.click.Host), RemoteIP: v.clientIP(),
		UserAgent: string(h.UserAgent()), Referer: string(h.Referer()), Languages: string(h.Peek("Accept-Language")),
		UUID: v.cookieUUID(), ServerIP: peerOf(v.ctx.LocalAddr()),
	}
}

// cookieUUID is the visitor's id of our cookie, empty without one.
func (v *visit) cookieUUID() string {
	cookie := string(v.ctx.Request.Header.Cookie(uuidCookie))
	if _, err := v.edge.IDs.Parse(cookie); err != nil {
		return ""
	}
	return cookie
}

var endpointNames = map[link.Endpoint]string{
	link.Conversion: "conversion", link.Pixel: "pixel", link.PixelPage: "pixel_page",
}
