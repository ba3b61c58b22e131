package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// call is one request on its way.
type call struct {
	*API
	r  *http.Request
	w  http.ResponseWriter
	op *huma.Operation
	// who asks; empty where no key is needed.
	who accounts.Principal
	// accountSet is what users said when they were first asked for.
	accountSet *config.Set
}

// handle registers an operation. What run returns is written as a problem.
func (a *API) handle(op huma.Operation, run func(*call) error) {
	a.huma.OpenAPI().AddOperation(&op)
	a.huma.Adapter().Handle(&op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		c := &call{API: a, r: r, w: w, op: &op}
		noteOperation(r, op.OperationID)
		if err := c.admit(); err != nil {
			c.fail(err)
			return
		}
		if err := run(c); err != nil {
			c.fail(err)
		}
	})
}

// fail answers with a problem.
func (c *call) fail(err error) { problem.Write(c.w, c.r, c.problem(err)) }

// problem is what a visitor of the API is told of an error.
func (c *call) problem(err error) *problem.Problem {
	var p *problem.Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, c.r.Context().Err()):
		c.w.Header().Set("Retry-After", "2")
		return problem.New(http.StatusServiceUnavailable, err.Error()+"; nothing was changed")
	}
	c.Logger.Error("BUG: a request of the control API failed", errorFields(c, err)...)
	return problem.New(http.StatusServiceUnavailable, "the request failed: "+err.Error())
}

// users are the accounts, read once a request.
func (c *call) users() (*config.Set, error) {
	if c.accountSet == nil {
		snap, err := c.Accounts.Store().Load(c.r.Context())
		if err != nil {
			return nil, unavailable(err)
		}
		c.accountSet = snap.Set
	}
	return c.accountSet, nil
}

func unavailable(err error) error { return errors.Join(store.ErrUnavailable, err) }

// live is the version of the live documents that serves now.
func (c *call) live() (store.Snapshot, error) {
	snap, err := c.Live.Load(c.r.Context())
	if err != nil {
		return snap, unavailable(err)
	}
	return snap, nil
}

// answer writes a JSON body.
func (c *call) answer(status int, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(append(data, '\n')) // the client is gone
	}
	return nil
}

// empty is the body of updates and deletions.
type empty struct{}
