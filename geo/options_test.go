package geo

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

func TestOptionsFromYAML(t *testing.T) {
	const doc = `
databases: [city.mmdb, /srv/asn.mmdb]
lists:
  - {file: datacenter.txt, kind: datacenter}
poll: 1m
`
	var o Options
	if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
		t.Fatal(err)
	}
	want := Options{
		Databases: []string{"/etc/geo/city.mmdb", "/srv/asn.mmdb"},
		Lists:     []List{{File: "/etc/geo/datacenter.txt", Kind: KindDatacenter}},
		Poll:      time.Minute,
	}
	if got := o.In("/etc/geo"); !reflect.DeepEqual(got, want) {
		t.Errorf("options are %+v, want %+v", got, want)
	}
	if o.Databases[0] != "city.mmdb" || o.Lists[0].File != "datacenter.txt" {
		t.Errorf("In changed the options it was called on: %+v", o)
	}
}

func TestValidate(t *testing.T) {
	err := Options{
		Databases: []string{"a.mmdb", ""},
		Lists:     []List{{Kind: KindVPN}, {File: "b.txt", Kind: "datacentre"}},
		Poll:      -time.Second,
	}.Validate()
	want := []string{
		"databases[1]: empty path",
		"lists[0].file: set a file or a url, one of them",
		`lists[1].kind: "datacentre" is not one of allow, crawler, datacenter, operator, proxy, residential, tor, vpn`,
		"poll: -1s is below 0",
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
}
