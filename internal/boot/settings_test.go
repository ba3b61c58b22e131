package boot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func load(t *testing.T, text string) (Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "boot.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(file, nothing)
}

func nothing(string) (string, bool) { return "", false }

func TestLoadKeepsDefaultsAndResolvesPaths(t *testing.T) {
	s, err := load(t, "apply: [docs.yaml]\nevents: {max_age: 1h}\ngeo:\n  databases: [city.mmdb]\ncategories:\n  lists: [{file: spam.txt, category: fraud}]\n")
	if err != nil {
		t.Fatal(err)
	}
	if s.Edge.Listen != ":8080" || s.Ops.Listen != "127.0.0.1:9090" {
		t.Errorf("listeners %q and %q, want the defaults", s.Edge.Listen, s.Ops.Listen)
	}
	if s.Events.MaxAge != time.Hour {
		t.Errorf("events.max_age %s, want 1h", s.Events.MaxAge)
	}
	for what, path := range map[string]string{"apply": s.Apply[0], "geo.databases": s.Geo.Databases[0], "categories.lists": s.Categories.Lists[0].File} {
		if !filepath.IsAbs(path) {
			t.Errorf("%s is %q, want a path beside the boot file", what, path)
		}
	}
}

func TestLoadOfAnEmptyFileIsTheDefaults(t *testing.T) {
	if _, err := load(t, ""); err != nil {
		t.Error(err)
	}
}

func TestLoadNamesEveryMistake(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string
	}{
		"unknown fields": {"dta_dir: x\nedge:\n  lisen: y\n", []string{"boot.yaml:1: field dta_dir not found", "boot.yaml:3: field lisen not found"}},
		"wrong types":    {"filters: {tracked_keys: many}\nnats: {replicas: [1]}\n", []string{"boot.yaml:1: ", "boot.yaml:2: "}},
		"duplicate key":  {"node: a\nnode: b\n", []string{"boot.yaml:2: ", `"node" already defined`}},
		"two documents":  {"node: a\n---\nnode: b\n", []string{"one YAML document is allowed"}},
		"values": {
			"edge: {listen: nowhere}\nfilters: {tracked_keys: 1}\nevents: {max_age: 1s, max_bytes: 5}\nnats: {replicas: 9, credentials: x}\nlog: {level: loud, format: xml}\nclient_ip: {trusted_proxies: [everyone]}\ngeo: {lists: [{file: a, kind: nice}, {url: 'ftp://x.example', kind: vpn, name: google}]}\ncategories: {lists: [{category: nice}]}\n",
			[]string{
				"edge.listen: ", "filters.tracked_keys: ", "events.max_age: ", "events.max_bytes: ", "nats.replicas: ",
				"nats.credentials: ", "log.level: ", "log.format: ", "client_ip.trusted_proxies[0]: ", "geo.lists[0].kind: ",
				"geo.lists[1].url: ", "geo.lists[1].name: ", "categories.lists[0].file: ", "categories.lists[0].category: ",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.text)
			if err == nil {
				t.Fatal("no mistake was found")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%s", want, err)
				}
			}
		})
	}
}

func TestOverrides(t *testing.T) {
	values := map[string]string{
		"data-dir": "d", "edge-listen": "127.0.0.1:1", "ops-listen": "127.0.0.1:2", "control-listen": "127.0.0.1:3",
		"control-tls-cert": "cert.pem", "control-tls-key": "key.pem", "apply": "a,b",
		"node": "n", "nats-url": "nats://x", "log-level": "warn", "log-format": "json",
	}
	for _, o := range Overrides {
		if values[o.Flag] == "" {
			t.Errorf("no test value for --%s", o.Flag)
		}
	}
	s, err := Load("", func(flag string) (string, bool) { return values[flag], true })
	if err != nil {
		t.Fatal(err)
	}
	if s.DataDir != "d" || s.Edge.Listen != "127.0.0.1:1" || s.Ops.Listen != "127.0.0.1:2" || s.Control.Listen != "127.0.0.1:3" ||
		s.Control.TLSCert != "cert.pem" || s.Control.TLSKey != "key.pem" || len(s.Apply) != 2 ||
		s.Node != "n" || s.NATS.URL != "nats://x" || s.Log.Level != "warn" || s.Log.Format != "json" {
		t.Errorf("an override missed its setting: %+v", s)
	}
	if env := Overrides[1].Env(); env != "CLICKGATE_EDGE_LISTEN" {
		t.Errorf("environment variable of edge-listen is %s", env)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("edge: {listen: ':1'}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := Default()
		_ = decode(data, &s)
	})
}
