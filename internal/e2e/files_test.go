package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ownBoot is the demo with another boot file, from which lines can be added.
// Its list of VPN addresses is read again on SIGHUP only.
const ownBoot = `
apply: [%q]
edge:
  default_integration: demo
  http: {read_timeout: 300ms}
client_ip: {trusted_proxies: [127.0.0.0/8], client_ip_headers: [X-Forwarded-For]}
geo:
  lists: [{file: vpn.txt, kind: vpn}]
  poll: 1h
`

// writeOwnBoot makes the boot file and its list, and returns their paths.
func writeOwnBoot(t *testing.T) (boot, list string) {
	t.Helper()
	documents, err := filepath.Abs(demoDocuments)
	if err != nil {
		t.Fatal(err)
	}
	boot = write(t, "boot.yaml", fmt.Sprintf(ownBoot, documents))
	list = filepath.Join(filepath.Dir(boot), "vpn.txt")
	rewrite(t, list, "192.0.2.0/24\n")
	return boot, list
}

func rewrite(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestHangupReloadsLists(t *testing.T) {
	t.Parallel()
	boot, list := writeOwnBoot(t)
	n := start(t, t.TempDir(), "--config", boot)
	former, latter := visitor{firefox, "192.0.2.7"}, visitor{firefox, "82.0.2.7"}
	n.visit(former, goodLink).wantRedirect(t, fallback, "reason=VPN")
	n.visit(latter, goodLink).wantRedirect(t, landing)

	rewrite(t, list, "82.0.2.0/24\n")
	n.signal(syscall.SIGHUP)
	n.awaitLog("files reloaded")
	n.visit(former, goodLink).wantRedirect(t, landing)
	n.visit(latter, goodLink).wantRedirect(t, fallback, "reason=VPN")

	rewrite(t, list, "no address\n")
	n.signal(syscall.SIGHUP)
	n.awaitLog("some files were not reloaded; the former content serves on")
	n.visit(latter, goodLink).wantRedirect(t, fallback, "reason=VPN")
	if failed := n.metric("clickgate_geo_file_failed", `file="vpn.txt"`); failed != 1 {
		t.Errorf("clickgate_geo_file_failed is %v for a broken list, want 1", failed)
	}
	if a := n.operator("/readyz"); a.status != http.StatusOK || !strings.Contains(a.body, "vpn.txt:1") {
		t.Errorf("/readyz answers %d %s, want 200 and the broken line", a.status, a.body)
	}
}

func appendTo(t *testing.T, path, more string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, path, string(content)+more)
}
