package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// TestClickKeyRotates: ids of the former key stay good, a second rotation is
// refused while they matter, and with --force they no longer are.
func TestClickKeyRotates(t *testing.T) {
	t.Parallel()
	n := startDemo(t, t.TempDir())
	click := func() string {
		return idIn(n.visit(visitor{agent: firefox}, "/click?offer_id=5&publisher_id=1").location)
	}
	convert := func(id string) answer {
		return n.visit(visitor{}, "/conversion?secure=demo-secret&transaction_id="+id)
	}
	first, second := click(), click()
	if out := n.must("rotate-click-key"); !strings.Contains(out, "new key") {
		t.Errorf("the command says %q", out)
	}
	if a := convert(first); a.status != http.StatusOK || !strings.Contains(a.body, `"approved"`) {
		t.Errorf("a click of the former key: %d %s", a.status, a.body)
	}
	if r := n.run("rotate-click-key"); r.status == 0 || !strings.Contains(r.err, "--force") {
		t.Errorf("a second rotation ended with status %d: %s", r.status, r.err)
	}
	n.must("rotate-click-key", "--force")
	var a answer
	eventually(t, func() string { return "a click of the key before the former one is answered " + a.body }, func() bool {
		a = convert(second)
		return a.status == http.StatusForbidden && strings.Contains(a.body, "forged_transaction_id")
	})
}
