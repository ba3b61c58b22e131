package geo

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/clickgate/clickgate/internal/source"
)

func TestOptionsFromYAML(t *testing.T) {
	const doc = `
databases: [city.mmdb, /srv/asn.mmdb, "https://databases.example/anonymous.tar.gz"]
lists:
  - {file: datacenter.txt, kind: datacenter, asn: true}
  - {url: "https://lists.example/googlebot.json", every: 1h, kind: crawler, name: google}
  - {url: "https://lists.example/tor.txt", kind: tor}
every: 12h
poll: 1m
min_confidence: 50
`
	var o Options
	if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
		t.Fatal(err)
	}
	want := Options{
		Databases: []string{"/etc/geo/city.mmdb", "/srv/asn.mmdb", "https://databases.example/anonymous.tar.gz"},
		Lists: []List{
			{File: "/etc/geo/datacenter.txt", Kind: KindDatacenter, ASN: true},
			{URL: "https://lists.example/googlebot.json", Every: time.Hour, Kind: KindCrawler, Name: "google"},
			{URL: "https://lists.example/tor.txt", Kind: KindTor},
		},
		Every: 12 * time.Hour, Poll: time.Minute, MinConfidence: 50,
	}
	in := o.In("/etc/geo")
	if !reflect.DeepEqual(in, want) {
		t.Errorf("options are %+v, want %+v", in, want)
	}
	if o.Databases[0] != "city.mmdb" || o.Lists[0].File != "datacenter.txt" {
		t.Errorf("In changed the options it was called on: %+v", o)
	}
	if err := in.Validate(); err != nil {
		t.Error(err)
	}
	checkLocal(t, in)
}

// checkLocal compares what is to be fetched, and where it is read from.
func checkLocal(t *testing.T, o Options) {
	t.Helper()
	var asked []string
	local := o.Local(func(r source.Remote) string {
		asked = append(asked, fmt.Sprint(r.URL, " ", r.Every, " ", r.MaxBytes>>20))
		if r.Check([]byte("<html>")) == nil {
			t.Errorf("anything passes for %s", r.URL)
		}
		return "/data/" + path.Base(r.URL)
	})
	want := []string{
		"https://databases.example/anonymous.tar.gz 12h0m0s 1024",
		"https://lists.example/googlebot.json 1h0m0s 64",
		"https://lists.example/tor.txt 12h0m0s 64",
	}
	if !slices.Equal(asked, want) {
		t.Errorf("fetched:\n%q\nwant\n%q", asked, want)
	}
	if local.remote() != "" || local.Databases[2] != "/data/anonymous.tar.gz" || local.Databases[1] != "/srv/asn.mmdb" ||
		local.Lists[0] != o.Lists[0] || local.Lists[1] != (List{File: "/data/googlebot.json", Kind: KindCrawler, Name: "google"}) {
		t.Errorf("local options are %+v", local)
	}
	if o.Lists[1].URL == "" {
		t.Error("Local changed the options it was called on")
	}
	if err := local.Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	err := Options{
		Databases: []string{"a.mmdb", "", "ftp://u:p@databases.example/a.mmdb"},
		Lists: []List{
			{Kind: KindVPN}, {File: "b.txt", Kind: "datacentre"}, {File: "c", URL: "https://x.example/c", Kind: KindTor},
			{URL: "https://x.example/c", Every: time.Second, Kind: KindVPN, Name: "google"}, {File: "d", Kind: KindCrawler, Name: "gogle"},
		},
		Every: time.Second, Poll: -time.Second, MinConfidence: 100,
	}.Validate()
	want := []string{
		"databases[1]: empty path",
		`databases[2]: url: "ftp://databases.example/a.mmdb" is not like http://host/path or https://host/path`,
		"lists[0].file: set a file or a url, one of them",
		`lists[1].kind: "datacentre" is not one of allow, crawler, datacenter, operator, proxy, residential, tor, vpn`,
		"lists[2].file: set a file or a url, one of them",
		"lists[3].every: 1s is below 1m0s",
		`lists[3].name: set for a list of kind "vpn"; only a list of kind "crawler" has a name`,
		`lists[4].name: "gogle" is not one of google, bing, yandex, baidu, apple, duckduckgo, meta, openai, commoncrawl, ahrefs`,
		"every: 1s is below 1m0s",
		"poll: -1s is below 0",
		"min_confidence: 100 is not between 0 and 99",
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("the mistakes are\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
	if err := (Options{}).Validate(); err != nil {
		t.Errorf("no options: %v, want no mistake", err)
	}
	if s, err := Open(Options{Poll: -1}); s != nil || err == nil {
		t.Errorf("Open with a mistake gives service %v and error %v, want only an error", s, err)
	}
	for _, o := range []Options{
		{Databases: []string{"https://u:p@x.example/a.mmdb"}},
		{Lists: []List{{URL: "https://u:p@x.example/a.txt", Kind: KindVPN}}},
	} {
		if s, err := Open(o); s != nil || err == nil || !strings.Contains(err.Error(), "https://x.example/a.") {
			t.Errorf("Open of a URL gives service %v and error %v, want an error that names it without its password", s, err)
		}
	}
}
