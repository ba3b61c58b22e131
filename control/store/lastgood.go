package store

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/clickgate/clickgate/config"
)

// lastGoodFormat is the layout of the file; another number is not read.
const lastGoodFormat = 1

// lastGood is the file of the last set that was applied. It holds secrets in
// the clear and is readable by its owner only.
type lastGood struct {
	Format int `json:"format"`
	// Bucket is when the bucket was created and tells whether reading can go
	// on behind Revision.
	Bucket   time.Time `json:"bucket"`
	Revision uint64    `json:"revision"`
	Version  uint64    `json:"version"`
	// Digest is the set's and guards the documents.
	Digest    string           `json:"digest"`
	Time      time.Time        `json:"time"`
	Count     int              `json:"count"`
	Documents []lastGoodRecord `json:"documents,omitempty"`
}

type lastGoodRecord struct {
	Kind     config.Kind     `json:"kind"`
	Document json.RawMessage `json:"document"`
}

// lastGoodPath is <dir>/config/last-good.json.
func lastGoodPath(dir string) string { return filepath.Join(dir, "config", "last-good.json") }

// saveLastGood writes m's version to the file.
func saveLastGood(path string, at position, head Head, set *config.Set) error {
	return writeFile(path, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 1<<18)
		top, err := json.Marshal(lastGood{
			Format:   lastGoodFormat,
			Bucket:   at.created,
			Revision: head.Revision,
			Version:  head.Version,
			Digest:   head.Digest,
			Time:     head.Time,
			Count:    set.Len(),
		})
		if err != nil {
			return err
		}
		// The documents are written one by one: the whole is large.
		w.Write(top[:len(top)-1])
		w.WriteString(`,"documents":[`)
		if err := writeRecords(w, set); err != nil {
			return err
		}
		w.WriteString("\n]}\n")
		return w.Flush()
	})
}

func writeRecords(w *bufio.Writer, set *config.Set) error {
	for i, key := range set.Keys() {
		doc, _ := set.Get(key)
		value, err := config.Encode(doc)
		if err != nil {
			return fmt.Errorf("encode %s: %w", key, err)
		}
		if i > 0 {
			w.WriteByte(',')
		}
		fmt.Fprintf(w, "\n"+`{"kind":%q,"document":`, key.Kind)
		w.Write(value)
		if err := w.WriteByte('}'); err != nil {
			return err
		}
	}
	return nil
}

// readLastGood reads the file into a mirror that ends at its version. The
// error is fs.ErrNotExist where there is none; any other one says why the file
// cannot be trusted.
func readLastGood(path string) (*mirror, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := decodeLastGood(data)
	if err != nil {
		return nil, fmt.Errorf("%s is not usable: %w", path, err)
	}
	return m, nil
}

func decodeLastGood(data []byte) (*mirror, error) {
	var file lastGood
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if file.Format != lastGoodFormat {
		return nil, fmt.Errorf("format %d, want %d", file.Format, lastGoodFormat)
	}
	if file.Version == 0 {
		return nil, errors.New("it names no version")
	}
	docs, err := decodeRecords(file.Documents)
	if err != nil {
		return nil, err
	}
	m := newMirror(position{created: file.Bucket, seq: file.Revision})
	m.head = Head{
		Version:  file.Version,
		Digest:   file.Digest,
		Count:    file.Count,
		Time:     file.Time,
		Revision: file.Revision,
	}
	m.set = m.set.With(docs, nil)
	return m, m.verify()
}

// decodeRecords decodes the documents of the file on all cores.
func decodeRecords(records []lastGoodRecord) ([]config.Document, error) {
	docs := make([]config.Document, len(records))
	err := parallel(len(records), func(i int) error {
		doc, problems := config.DecodeDocument(records[i].Kind, records[i].Document)
		docs[i] = doc
		return problems.Err()
	})
	return docs, err
}
