// Package archtest holds the rules of the house that a compiler does not
// check: which package may import which.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/clickgate/clickgate/"

// floors orders the house from the ground up. A package imports packages of
// lower floors and of its own part only; commands stand on top. A folder that is
// named itself is no part of the one around it.
var floors = [][]string{
	{"internal/money"},
	{"internal/click", "internal/cow", "internal/explain", "internal/family", "internal/metrics", "internal/outgoing", "internal/pebblelog", "internal/clickid", "internal/testdata", "internal/source", "config"},
	{"internal/clientip", "internal/disk", "internal/natsrv", "internal/ops", "internal/fetch", "caps", "geo", "site", "events", "filters"},
	{"attribution", "caps/service", "events/jetstream/logtest"},
	{"edge", "control", "postback"},
	{"internal/boot"},
	{"cmd", "bench", "deploy", "internal/e2e"},
}

// forbidden names, for a part of the house, imports it must never have. The
// lowest floor is not meant: it holds what all speak of.
var forbidden = map[string][]string{
	"caps":           {"net/http", "github.com/valyala/fasthttp", "github.com/nats-io/"},
	"config":         {module},
	"filters":        {"net/http", "github.com/valyala/fasthttp", "github.com/nats-io/"},
	"site":           {"net/http", "github.com/valyala/fasthttp", "github.com/nats-io/"},
	"geo":            {"net/http", "github.com/valyala/fasthttp", "github.com/nats-io/"},
	"control":        {module + "edge"},
	"edge":           {"github.com/nats-io/", "net/http"},
	"internal/click": {module},
}

// onlyImporter names, for a library, the parts that may import it.
var onlyImporter = map[string][]string{
	"github.com/nats-io/nats.go":     {"events/jetstream", "control/store", "control/fleet", "attribution/service", "caps/service", "internal/natsrv", "cmd", "bench"},
	"github.com/nats-io/nats-server": {"internal/natsrv"},
	"github.com/valyala/fasthttp":    {"edge", "cmd", "bench"},
	"github.com/cockroachdb/pebble":  {"attribution/store", "caps/service", "postback", "internal/disk"},
	"github.com/dgraph-io/ristretto": {"edge/device"},
	"github.com/spf13/cobra":         {"cmd"},
	"github.com/danielgtaylor/huma":  {"control"},
	"github.com/govalues/decimal":    {"internal/money"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestArrowsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		floor, part := floorOf(name)
		if floor < 0 {
			t.Errorf("%s stands on no floor: add it to floors", name)
			continue
		}
		for _, imported := range p.Imports {
			checkImport(t, name, floor, part, imported)
		}
	}
}

func checkImport(t *testing.T, name string, floor int, part, imported string) {
	t.Helper()
	for place, bans := range forbidden {
		for _, ban := range bans {
			own := strings.TrimPrefix(imported, module)
			if within(name, place) && !strings.HasPrefix(part, place+"/") && strings.HasPrefix(imported, ban) && !within(own, place) && !withinAny(own, floors[0]) {
				t.Errorf("%s imports %s, which %s must never do", name, imported, place)
			}
		}
	}
	for library, parts := range onlyImporter {
		if strings.HasPrefix(imported, library) && !withinAny(name, parts) {
			t.Errorf("%s imports %s, which only %v may do", name, imported, parts)
		}
	}
	ours, ok := strings.CutPrefix(imported, module)
	if !ok {
		return
	}
	otherFloor, otherPart := floorOf(ours)
	if otherFloor > floor || otherFloor == floor && otherPart != part {
		t.Errorf("%s imports %s: arrows point down, from %s to lower floors only", name, ours, part)
	}
}

func floorOf(name string) (floor int, part string) {
	floor = -1
	for i, parts := range floors {
		for _, p := range parts {
			if within(name, p) && len(p) > len(part) {
				floor, part = i, p
			}
		}
	}
	return floor, part
}

func within(name, part string) bool { return name == part || strings.HasPrefix(name, part+"/") }

func withinAny(name string, parts []string) bool {
	for _, part := range parts {
		if within(name, part) {
			return true
		}
	}
	return false
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list packages: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath != module+"internal/archtest" {
			all = append(all, p)
		}
	}
	if len(all) < 5 {
		t.Fatalf("found %d packages only: the test looks in the wrong place", len(all))
	}
	return all
}
