package edge

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/edge/link"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/clickid"
)

// How long a conversion's sender waits at most: for its row to be written, and,
// where that cannot be done now, for the request to be safe.
const (
	finishTime = time.Second
	keepTime   = 5 * time.Second
)

// batchWorkers is how many conversions of a batch are finished at once.
const batchWorkers = 8

// result is the answer to one conversion.
type result struct {
	Outcome
	// Processing tells that it was received and is finished later; its TxID
	// stands.
	Processing bool
	// Refused is why it was not taken; nil if it was.
	Refused *Refused
}

// submission is a request that brings conversions. It is read by several
// goroutines at once, so what the request says is read before.
type submission struct {
	edge     *Edge
	in       *integration
	endpoint link.Endpoint
	// report is filled in for somebody who asks why; nil for senders.
	report *report
	// common is what all conversions of the request share.
	common events.Intake
}

// serveConversions takes a conversion, or a batch of them in a body, and
// answers in the form of its endpoint.
func (v *visit) serveConversions(endpoint link.Endpoint) {
	s := &submission{edge: v.edge, in: v.in, endpoint: endpoint, common: v.newIntake(endpoint)}
	if isBatch(v.ctx) {
		s.serveBatch(v)
		return
	}
	params, err := readParams(v.ctx)
	r := result{Refused: badRequest(err)}
	if err == nil {
		r = s.take(params)
	}
	v.answerConversion(endpoint, r)
}

func badRequest(err error) *Refused {
	if err == nil {
		return nil
	}
	status := fasthttp.StatusBadRequest
	if errors.Is(err, convert.ErrMediaType) {
		status = fasthttp.StatusUnsupportedMediaType
	}
	return &Refused{status, "invalid_request", err.Error()}
}

func readParams(ctx *fasthttp.RequestCtx) ([]click.Param, error) {
	params, err := convert.ReadQuery(nil, string(ctx.URI().QueryString()))
	if err != nil || !ctx.IsPost() {
		return params, err
	}
	return convert.ReadBody(params, string(ctx.Request.Header.ContentType()), ctx.PostBody())
}

// isBatch tells whether a request brings a list of conversions.
func isBatch(ctx *fasthttp.RequestCtx) bool {
	if !ctx.IsPost() {
		return false
	}
	body := bytes.TrimSpace(ctx.PostBody())
	return len(body) > 0 && (body[0] == '[' || body[0] == '{' && bytes.HasSuffix(ctx.Path(), []byte("/conversions")))
}

// serveBatch takes the conversions of a body, each for itself: what is wrong
// with one is told in its place. Parameters of the query, such as secure, hold
// for all that do not have them.
func (s *submission) serveBatch(v *visit) {
	common, err := convert.ReadQuery(nil, string(v.ctx.URI().QueryString()))
	var batch []convert.Entry
	if err == nil {
		batch, err = convert.ReadBatch(v.ctx.PostBody())
	}
	if err != nil {
		v.answerConversion(link.Conversion, result{Refused: badRequest(err)})
		return
	}
	results := make([]result, len(batch))
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(batchWorkers, len(batch)) {
		done.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(batch) {
					return
				}
				if batch[i].Err != nil {
					results[i].Refused = badRequest(batch[i].Err)
					continue
				}
				results[i] = s.take(append(batch[i].Params, common...))
			}
		})
	}
	done.Wait()
	v.answerBatch(results)
}

// take authenticates a conversion and finishes it; or keeps it safe to be
// finished later.
func (s *submission) take(params []click.Param) result {
	e := s.edge
	in, refused := s.authenticate(s.in.reception.mapping.Map(params), params)
	if refused != nil {
		e.counters.conversions.refuse(refused)
		return result{Refused: refused}
	}
	ctx, cancel := context.WithTimeout(context.Background(), finishTime)
	defer cancel()
	outcome, err := e.Finish(ctx, in, false)
	if err == nil {
		return result{Outcome: outcome}
	}
	if errors.As(err, &refused) {
		e.counters.conversions.refuse(refused)
		return result{Refused: refused}
	}
	return s.keep(in)
}

// keep writes the request to the log, to be finished from there. Its sender is
// told to come again where even that fails.
func (s *submission) keep(in *events.Intake) result {
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	e := s.edge
	if !e.Log.Append(events.Received, in.Append(nil)).Keep(ctx) {
		e.counters.conversions.unkept.Inc()
		return result{Refused: &Refused{fasthttp.StatusServiceUnavailable, "unavailable", "the conversion cannot be recorded now; send it again"}}
	}
	e.counters.conversions.deferred.Inc()
	return result{Outcome: Outcome{TxID: in.TxID}, Processing: true}
}

// authenticate tells who vouches for a conversion: the integration's secure
// code, signed where it has a key; or, from a browser, which keeps no
// secret, the click id, which nobody can make. Whoever does not know the code
// may say nothing about money, status and times.
func (s *submission) authenticate(values *convert.Values, params []click.Param) (*events.Intake, *Refused) {
	doc, cc, mapping := s.in.doc, &s.in.doc.ConversionsConfig, s.in.reception.mapping
	by := events.BySecureCode
	switch secure := values[convert.Secure]; {
	case secure != "":
		if !s.shows("secure code is the integration's", convert.SameSecret(doc.ConversionSecureCode, secure), "wrong_secure_code") {
			return nil, &Refused{fasthttp.StatusForbidden, "wrong_secure_code", "secure: it is not the integration's secure code"}
		}
		if cc.SigningKey != "" && !s.shows("signature is that of the parameters", mapping.Signed(cc.SigningKey, values[convert.Signature], params), "wrong_signature") {
			return nil, &Refused{fasthttp.StatusForbidden, "wrong_signature", "signature: it is missing, or not that of these parameters"}
		}
	case !s.shows("browsers may send conversions without a secure code (pixel_conversions_enabled)", cc.PixelConversionsEnabled, "missing_secure_code"):
		return nil, &Refused{fasthttp.StatusUnauthorized, "missing_secure_code", "secure: missing; conversions carry the integration's secure code"}
	default:
		if refused := s.vouchedByClick(values); refused != nil {
			return nil, refused
		}
		by = events.ByClickID
		params = mapping.Without(params, claims[:]...)
	}
	in := s.common
	in.AuthenticatedBy, in.Params = by, mapping.Forget(params)
	var id [clickid.Size]byte
	s.edge.IDs.Next(in.ReceivedMS, &id)
	in.TxID = string(id[:])
	return &in, nil
}

// shows tells whether a check of the sender holds.
func (s *submission) shows(check string, holds bool, reason string) bool {
	if s.report != nil {
		s.report.authentication(check, "", holds, reason)
	}
	return holds
}

// vouchedByClick refuses a browser that shows no id of ours: neither the
// click's nor, where conversions are matched by it, its own cookie.
func (s *submission) vouchedByClick(values *convert.Values) *Refused {
	if id := values[convert.ClickID]; id != "" {
		if err := s.edge.checkID(id, s.report); err != nil {
			return refuseID(err)
		}
		return nil
	}
	if s.shows("the click's id or, where conversions are matched, our cookie vouches", s.in.doc.ConversionsConfig.FallbackMatching != nil && s.common.UUID != "", "missing_secure_code") {
		return nil
	}
	return &Refused{fasthttp.StatusUnauthorized, "missing_secure_code", "secure: missing, and there is no transaction_id either"}
}

// claims are what only somebody with the secure code may say.
var claims = [...]convert.Field{
	convert.Revenue, convert.Payout, convert.Status, convert.ConversionTime, convert.ConversionIP, convert.ClickTime, convert.SessionTime,
	convert.ThirdPartyStatus, convert.ThirdPartyRejectedReason, convert.NewRejectedReason, convert.BeginInstallTime, convert.FinishInstallTime, convert.UserAgent,
}
