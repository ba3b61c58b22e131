package geo

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/oschwald/maxminddb-golang/v2"
)

// TestBadRecordCostsNoVisitor makes the decoder fail behind the sample.
func TestBadRecordCostsNoVisitor(t *testing.T) {
	addr := netip.MustParseAddr(visitor)
	for _, c := range []struct {
		name   string
		decode func(maxminddb.Result, trust) (record, error)
		faults uint64 // after two look-ups
		found  bool
	}{
		{"error", func(maxminddb.Result, trust) (record, error) { return record{city: "half"}, errors.New("bad") }, 1, true},
		{"panic", func(maxminddb.Result, trust) (record, error) { panic("bad") }, 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := newDatabase(countryDB(t, "DE"), 0)
			if err != nil {
				t.Fatal(err)
			}
			db.decode = c.decode
			for range 2 {
				r, _ := db.find(addr)
				if (r != nil) != c.found || r != nil && *r != (record{}) {
					t.Errorf("a record that gives a decoding %s is answered by %+v, want nothing known", c.name, r)
				}
			}
			if got := db.faults.Load(); got != c.faults {
				t.Errorf("two look-ups of a record that gives a decoding %s count %d faults, want %d", c.name, got, c.faults)
			}
		})
	}
}

func TestBadRecordInTheSample(t *testing.T) {
	data := countryDB(t, "DE")
	at := bytes.Index(data, []byte("\x42DE"))
	data[at] = 0x5c // a string of 28 bytes, where the section ends after 2
	if _, err := newDatabase(data, 0); err == nil || !strings.Contains(err.Error(), "record of 203.0.113.0/24: ") {
		t.Errorf("a database with a bad record gives error %v, want one that names its network", err)
	}
}

func TestUnknownIPVersion(t *testing.T) {
	data := countryDB(t, "DE")
	at := bytes.Index(data, []byte("ip_version")) + len("ip_version") + 1 // behind the type and length
	if data[at] != 4 {
		t.Fatalf("byte %d is %d, expected the IP version 4", at, data[at])
	}
	data[at] = 5
	if _, err := newDatabase(data, 0); err == nil || !strings.Contains(err.Error(), "IP version 5 is neither 4 nor 6") {
		t.Errorf("a database of IP version 5 gives error %v", err)
	}
}

func TestSampleIsBounded(t *testing.T) {
	records := make(map[string]fields)
	for start := range 16 {
		for i := range networksPerStart {
			records[fmt.Sprintf("%d.0.0.%d/32", start*16, i)] = country(fmt.Sprint(start, i))
		}
	}
	reader, err := maxminddb.OpenBytes(makeDB(t, "Country", 4, records))
	if err != nil {
		t.Fatal(err)
	}
	s, err := inspect(reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.seen) != maxSampled {
		t.Errorf("%d of %d records were sampled, want %d", len(s.seen), len(records), maxSampled)
	}
}

// TestEmptyDatabaseIsKnownByItsType opens databases that know no address yet.
func TestEmptyDatabaseIsKnownByItsType(t *testing.T) {
	for databaseType, want := range map[string]string{
		"GeoLite2-City":          "place",
		"DBIP-Country-Lite":      "place",
		"GeoIP2-Enterprise":      "place",
		"GeoLite2-ASN":           "isp",
		"GeoIP2-ISP":             "isp",
		"GeoIP2-Anonymous-IP":    "proxy",
		"GeoIP2-Connection-Type": "connection",
		"GeoIP2-Domain":          "",
	} {
		db, err := newDatabase(makeDB(t, databaseType, 6, nil), 0)
		got := ""
		if err == nil {
			got = db.offers.String()
		}
		if got != want {
			t.Errorf("an empty %s is of kind %q (error %v), want %q", databaseType, got, err, want)
		}
	}
}

// TestTreeWithoutIPv4 looks up an IPv4 address that lies in a leaf far above
// where the IPv4 addresses begin.
func TestTreeWithoutIPv4(t *testing.T) {
	tree, err := mmdbwriter.New(mmdbwriter.Options{
		DatabaseType: "Country", DisableIPv4Aliasing: true, IncludeReservedNetworks: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	for cidr, iso := range map[string]string{"::/8": "DE", "100::/8": "FR"} {
		_, network, _ := net.ParseCIDR(cidr)
		if err := tree.Insert(network, country(iso)); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := tree.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	db, err := newDatabase(b.Bytes(), 0)
	if err != nil {
		t.Fatal(err)
	}
	visits := 0
	err = sample(db.reader, netip.IPv4Unspecified(), func(maxminddb.Result) error { visits++; return nil })
	if visits != 1 || err != nil {
		t.Errorf("a sample of the IPv4 addresses visits %d networks (error %v), want the one of all", visits, err)
	}
	r, network := db.find(netip.MustParseAddr(visitor))
	if r == nil || r.country != "DE" || network.IsValid() {
		t.Errorf("found %+v in network %s, want DE and no network, since the tree has only one of IPv6", r, network)
	}
}
