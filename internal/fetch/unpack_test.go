package fetch

import (
	"archive/tar"
	"bytes"
	"strings"
	"testing"
)

func archive(tb testing.TB, files ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(name)), Mode: 0o600, Format: tar.FormatUSTAR}); err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(name)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestUnpackArchive(t *testing.T) {
	for _, c := range []struct {
		name  string
		data  []byte
		limit int64
		want  string // content, or part of the error
		fails bool
	}{
		{"database among others", archive(t, "x/README.txt", "x/city.mmdb", "x/LICENSE"), 100, "x/city.mmdb", false},
		{"packed", []byte(zipped(string(archive(t, "city.mmdb")))), 1 << 20, "city.mmdb", false},
		{"no database", archive(t, "README.txt"), 100, "holds no .mmdb file", true},
		{"two databases", archive(t, "a.mmdb", "b.mmdb"), 100, "more than one", true},
		{"too large a database", archive(t, "city.mmdb"), 5, "more than 5 bytes", true},
		{"cut", archive(t, "city.mmdb")[:515], 100, "unpack the archive", true},
		{"something else", []byte("1.2.3.4\n"), 100, "1.2.3.4\n", false},
		{"a bad packing", []byte("\x1f\x8bnonsense"), 100, "unpack: ", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := unpack(c.data, c.limit)
			if c.fails && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if !c.fails && (err != nil || string(data) != c.want) {
				t.Errorf("got %q and error %v, want %q", data, err, c.want)
			}
		})
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(archive(f, "a.mmdb"))
	f.Add([]byte(zipped("1.2.3.4")))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 16
		if got, err := unpack(data, limit); err == nil && len(got) > max(limit, len(data)) {
			t.Errorf("%d bytes came out, more than %d", len(got), limit)
		}
	})
}
