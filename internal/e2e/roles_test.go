package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// TestControlWithoutStore: without the store the API refuses and clicks go on;
// when it is back, so is everything.
func TestControlWithoutStore(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	n := s.startAt(t.TempDir(), s.host())
	key := n.operatorKey()
	s.down()
	eventually(t, func() string { return "the API does not notice that the store is away" }, func() bool {
		a := n.change(key, "POST", "/publishers", `{"name":"Lost"}`)
		return a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != ""
	})
	n.visit(visitor{firefox, "84.0.0.1"}, goodLink).wantRedirect(t, landing)
	s.up()
	eventually(t, func() string { return "the API does not come back" }, func() bool {
		return n.change(key, "POST", "/publishers", `{"name":"Found","active":true}`).status == http.StatusCreated
	})
	n.visit(visitor{firefox, "84.0.0.2"}, "/click?offer_id=1&publisher_id=3").wantRedirect(t, landing)
}

// TestRolesApart: edges and control nodes in processes of their own share one
// NATS server.
func TestRolesApart(t *testing.T) {
	t.Parallel()
	s := startNATS(t)
	at := []string{"--nats-url", s.url(s.host())}
	var edges, controls []*node
	for i := range 2 {
		c := launchAs(t, "control", nil, append(at, "--data-dir", t.TempDir(), "--node", fmt.Sprint("control-", i))...)
		controls = append(controls, c)
		if i == 0 {
			c.operatorKey() // the other one makes no second
		}
		e := launchAs(t, "edge", nil, append(at, "--config", demoBoot, "--data-dir", t.TempDir(), "--node", fmt.Sprint("edge-", i))...)
		e.awaitReady()
		edges = append(edges, e)
	}
	key := controls[0].operatorKey()
	for round, c := range []*node{controls[0], controls[1], controls[0]} {
		number := 3 + round
		a := c.change(key, "POST", "/publishers", fmt.Sprintf(`{"name":"P%d","active":true}`, number))
		a.changed(t, "create a publisher", http.StatusCreated)
		a.settled(t, edges...)
		for i, e := range edges {
			e.visit(visitor{firefox, fmt.Sprintf("84.0.%d.%d", i+1, round)}, fmt.Sprintf("/click?offer_id=1&publisher_id=%d", number)).wantRedirect(t, landing)
		}
	}
	if out := controls[1].out.String(); adminKey.MatchString(out) {
		t.Errorf("the second control node prints a key: %s", out)
	}
	r := run(t, "edge", "--data-dir", t.TempDir())
	r.wantMistakes(t, "edge without NATS", []string{"nats.url: missing"})
	for _, n := range append(controls, edges...) {
		n.stop()
	}
}
