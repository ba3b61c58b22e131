package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
)

// unpack returns the content of a gzipped file or of an archive's database,
// as vendors publish them, and anything else as it is.
func unpack(data []byte, limit int64) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		if data, err = readUpTo(r, limit); err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
	}
	if isTar(data) {
		return databaseOf(data, limit)
	}
	return data, nil
}

// isTar looks for the mark of an archive.
func isTar(data []byte) bool {
	const at, mark = 257, "ustar"
	return len(data) >= at+len(mark) && string(data[at:at+len(mark)]) == mark
}

// databaseOf returns the one .mmdb file of an archive.
func databaseOf(data []byte, limit int64) ([]byte, error) {
	var found []byte
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		entry, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("unpack the archive: %w", err)
		}
		if entry.Typeflag != tar.TypeReg || path.Ext(entry.Name) != ".mmdb" {
			continue
		}
		if found != nil {
			return nil, errors.New("unpack the archive: it holds more than one .mmdb file")
		}
		if found, err = readUpTo(r, limit); err != nil {
			return nil, fmt.Errorf("unpack the archive: %w", err)
		}
	}
	if found == nil {
		return nil, errors.New("unpack the archive: it holds no .mmdb file")
	}
	return found, nil
}
