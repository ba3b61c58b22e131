package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
)

// commit makes a change of the resource's documents and waits until the edges
// serve it. subjects are the documents that the body makes.
func (c *call) commit(r *resource, subjects map[config.Key]subject, edit store.Edit) (store.Snapshot, error) {
	checks := c.Checks
	if r.accounts {
		checks = config.Checks{}
	}
	snap, err := c.store(r).Edit(c.r.Context(), checks, edit)
	if err != nil {
		return snap, refused(err, subjects)
	}
	if !r.accounts {
		c.settle(snap.Version)
	}
	return snap, nil
}

// settle waits for the edges, so that the next click after the answer is
// judged by the change.
func (c *call) settle(version uint64) {
	h := c.w.Header()
	h.Set("X-Config-Version", decimal(version))
	if c.Fleet == nil || c.Settings.WaitForEdges <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), c.Settings.WaitForEdges)
	defer cancel()
	if missing := c.Fleet.Wait(ctx, version); len(missing) > 0 {
		h.Set("X-Config-Pending", strings.Join(missing, ","))
	}
}

// change is one with the caller as its author.
func (c *call) change() store.Change {
	return store.Change{Author: c.who.Author(), Comment: c.op.OperationID}
}

// mayChange refuses what the caller must not write.
func (c *call) mayChange(doc config.Document, live store.Snapshot) error {
	if err := c.who.MayChange(doc, live.Set); err != nil {
		return forbidden(err)
	}
	return nil
}

// done answers an update or a deletion.
func (c *call) done() error { return c.answer(http.StatusOK, empty{}) }

// isReplay tells that another request with the Idempotency-Key was faster.
func isReplay(err error) bool { return errors.Is(err, store.ErrReceiptExists) }
