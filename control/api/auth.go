package api

import (
	"errors"
	"net/http"

	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
)

// admit finds out who asks, where the operation needs to know, and whether he
// may ask now.
func (c *call) admit() error {
	if c.op.Security == nil {
		return c.paced("anybody")
	}
	who, err := c.Accounts.Authenticate(c.r.Context(), c.r.Header)
	switch {
	case err == nil:
	case errors.Is(err, accounts.ErrNoKey), errors.Is(err, accounts.ErrUnknownKey), errors.Is(err, accounts.ErrTwoKeys):
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="clickgate"`)
		c.metrics.refusedKeys.Inc()
		return problem.New(http.StatusUnauthorized, err.Error())
	case errors.Is(err, accounts.ErrNoAccess):
		c.metrics.refusedKeys.Inc()
		return problem.New(http.StatusForbidden, err.Error())
	default:
		return err
	}
	c.who = who
	noteAuthor(c.r, who.Author())
	if who.ReadOnly() && c.r.Method != http.MethodGet && c.r.Method != http.MethodHead && c.op.OperationID != explainOperation {
		return problem.New(http.StatusForbidden, "the API key is read-only")
	}
	return c.paced(who.Key.ID)
}
