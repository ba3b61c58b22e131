package listen

import "sync/atomic"

// turn is whose move it is on a connection: the visitor's, who may send a
// request, or ours, who owe him an answer. While the server drains, fasthttp
// closes connections that it believes idle and may find one whose request has
// just come in: the click would be judged and logged, and its answer cut. So a
// request either comes before such a close, which then waits for the answer,
// or after it, and then nobody sees the request.
type turn struct {
	state    atomic.Int32
	deferred atomic.Bool // one close has waited already
	draining *atomic.Bool
}

const (
	visitors int32 = iota // nothing of a request has arrived
	ours                  // something has, and is not answered
	nobodys               // closed
)

// begin notes that bytes of a request have arrived; false when the connection
// was closed before them.
func (t *turn) begin() bool {
	return t.state.CompareAndSwap(visitors, ours) || t.state.Load() == ours
}

// answered notes that an answer has left.
func (t *turn) answered() { t.state.CompareAndSwap(ours, visitors) }

// end tells whether the connection is to be closed now. While draining, the
// first close of a connection that owes an answer waits: fasthttp closes it a
// second time when the answer has left.
func (t *turn) end() bool {
	if t.state.CompareAndSwap(visitors, nobodys) {
		return true
	}
	if t.state.Load() == ours && t.draining.Load() && t.deferred.CompareAndSwap(false, true) {
		return false
	}
	t.state.Store(nobodys)
	return true
}
