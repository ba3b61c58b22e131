package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/attribution/amend"
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/events"
)

// Bounds of an update of conversions.
const (
	updateTime  = 20 * time.Second
	updateHands = 16
)

// What becomes of an item besides the outcomes of amend. What the caller must
// not know of is not found.
const (
	updateForbidden  = "forbidden"  // he sees it, but may not change it
	updateImpossible = "impossible" // its row is none that can be changed
)

// updateResult is what became of one item.
type updateResult struct {
	TxID   string `json:"tx_id"`
	Result string `json:"result"`
}

// updateConversions changes conversions (A24), each for itself. Items that do
// not fit their row are skipped without an error, and results say so.
func (c *call) updateConversions(form *updateForm) error {
	if c.who.User == nil {
		return problem.New(http.StatusForbidden, "publisher users may not change conversions")
	}
	if err := c.noQuery(); err != nil {
		return err
	}
	body, err := c.read(form.schema)
	if err != nil {
		return err
	}
	request, err := readUpdates(body)
	if err != nil {
		return err
	}
	snap, err := c.live()
	if err != nil {
		return err
	}
	if err := c.mayName(request, snap.Set); err != nil {
		return err
	}
	if c.Finder == nil || c.Recorder == nil {
		return c.later("there is no click store here; nothing was changed")
	}
	return c.answerUpdates(c.newUpdating(request, snap.Set))
}

// mayName checks the organization and the integration that the request names.
func (c *call) mayName(request *updateRequest, set *config.Set) error {
	var mistakes problem.List
	if id := request.OrganizationID; id != "" && id != c.who.Organization() && !(c.who.SuperAdmin() && hasOrganization(set, id)) {
		mistakes.Add("body.organization_id", id, "there is no such organization, or it is not yours")
	}
	if id := request.IntegrationID; id != "" {
		doc, ok := set.Get(config.Key{Kind: config.KindIntegration, ID: id})
		if !ok || !c.who.Sees(doc, set) {
			mistakes.Add("body.integration_id", id, "there is no integration with this id")
		}
	}
	if list := mistakes.Details(); len(list) > 0 {
		return problem.New(http.StatusUnprocessableEntity, "the rules refuse this", list...)
	}
	return nil
}

// updating is an update under way.
type updating struct {
	*call
	request *updateRequest
	set     *config.Set
	amender amend.Amender
	results []updateResult
	errs    []error
	next    atomic.Int64
}

func (c *call) newUpdating(request *updateRequest, set *config.Set) *updating {
	n := len(request.Updates)
	return &updating{
		call: c, request: request, set: set, results: make([]updateResult, n), errs: make([]error, n),
		amender: amend.Amender{Finder: c.Finder, Recorder: c.Recorder, Now: c.Now},
	}
}

// answerUpdates makes the changes and tells what became of them. Where one could
// not be made the whole may be sent again: what was changed has another hash
// then, and is skipped.
func (c *call) answerUpdates(u *updating) error {
	ctx, cancel := context.WithTimeout(c.r.Context(), updateTime)
	defer cancel()
	var all sync.WaitGroup
	for range min(updateHands, len(u.results)) {
		all.Go(func() {
			for i := u.next.Add(1) - 1; i < int64(len(u.results)); i = u.next.Add(1) - 1 {
				u.make(ctx, int(i))
			}
		})
	}
	all.Wait()
	if err := u.failed(); err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]any{"success": true, "results": u.results})
}

// make changes one conversion.
func (u *updating) make(ctx context.Context, i int) {
	item := u.request.Updates[i]
	u.results[i] = updateResult{TxID: item.TxID}
	refused := ""
	change := item.change
	change.To.By = u.who.Author()
	change.Fits = func(row events.Row) bool {
		refused = u.refuses(row)
		return refused == ""
	}
	result, err := u.amender.Amend(ctx, change)
	switch {
	case errors.Is(err, amend.ErrRow):
		u.Logger.Warn("a conversion cannot be changed", zap.String("tx_id", item.TxID), zap.Error(err))
		u.results[i].Result = updateImpossible
	case err != nil:
		u.errs[i] = err
	case refused != "":
		u.results[i].Result = refused
	default:
		u.results[i].Result = string(result.Outcome())
	}
}

// refuses tells why the caller may not change a row; it is empty where he may.
func (u *updating) refuses(row events.Row) string {
	request := u.request
	switch {
	case !seesRow(u.who, row, u.set),
		request.OrganizationID != "" && row.Text("organization_id") != request.OrganizationID,
		request.IntegrationID != "" && row.Text("integration_id") != request.IntegrationID:
		return string(amend.NotFound)
	case !mayAmend(u.who, row, u.set):
		return updateForbidden
	}
	return ""
}

// failed tells which items could not be changed now.
func (u *updating) failed() error {
	var mistakes []problem.Detail
	for i, err := range u.errs {
		if err != nil {
			mistakes = append(mistakes, problem.Detail{Location: itemAt(i), Message: err.Error(), Value: u.request.Updates[i].TxID})
		}
	}
	if len(mistakes) == 0 {
		return nil
	}
	return u.later("it is not known of "+decimal(len(mistakes))+" of "+decimal(len(u.errs))+
		" updates whether they were made; send the request again: those that were made are skipped then", mistakes...)
}

func itemAt(i int) string { return "body.updates[" + decimal(i) + "]" }
