package geo

import (
	"bytes"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// fields is one record to write.
type fields = mmdbtype.Map

func text(s string) mmdbtype.String { return mmdbtype.String(s) }

// country is the smallest record of a place.
func country(iso string) fields {
	return fields{"country": fields{"iso_code": text(iso)}}
}

// makeDB writes a database in memory.
func makeDB(tb testing.TB, databaseType string, ipVersion int, records map[string]fields) []byte {
	tb.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{
		DatabaseType:            databaseType,
		IPVersion:               ipVersion,
		BuildEpoch:              1_700_000_000,
		RecordSize:              24,
		IncludeReservedNetworks: true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	cidrs := slices.SortedFunc(maps.Keys(records), func(a, b string) int {
		return netip.MustParsePrefix(a).Bits() - netip.MustParsePrefix(b).Bits()
	})
	for _, cidr := range cidrs { // the wide ones first, the narrow ones over them
		_, network, err := net.ParseCIDR(cidr)
		if err != nil {
			tb.Fatal(err)
		}
		if err := tree.Insert(network, records[cidr]); err != nil {
			tb.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := tree.WriteTo(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// writeFile writes a file of a test and returns its path.
func writeFile(tb testing.TB, dir, name string, data []byte) string {
	tb.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// mustOpen opens a service whose files are all good.
func mustOpen(tb testing.TB, o Options) *Service {
	tb.Helper()
	s, err := Open(o)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
