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
const lastGoodFormat = 2

// lastGood is the file of the last set that was applied. It holds secrets in
// the clear and is readable by its owner only. What changed since it was
// written stands in the journal beside it.
type lastGood struct {
	Format int `json:"format"`
	// Bucket is when the bucket was created and tells whether reading can go
	// on behind Revision.
	Bucket   time.Time `json:"bucket"`
	Revision uint64    `json:"revision"`
	// Head is that of the version; its digest guards the documents.
	Head      Head             `json:"head"`
	Documents []lastGoodRecord `json:"documents,omitempty"`
}

// lastGoodRecord is one document with its facts.
type lastGoodRecord struct {
	Kind     config.Kind     `json:"kind"`
	Document json.RawMessage `json:"document"`
	Revision uint64          `json:"revision,omitempty"`
	Created  int64           `json:"created,omitempty"`
	Updated  int64           `json:"updated,omitempty"`
	Author   string          `json:"author,omitempty"`
}

func (r lastGoodRecord) fact() fact { return fact{r.Revision, r.Created, r.Updated, r.Author} }

func newRecord(doc config.Document, f fact) (lastGoodRecord, error) {
	value, err := config.Encode(doc)
	if err != nil {
		return lastGoodRecord{}, fmt.Errorf("encode %s: %w", doc.Key(), err)
	}
	return lastGoodRecord{doc.Key().Kind, value, f.revision, f.created, f.updated, f.author}, nil
}

// lastGoodPath is <dir>/config/last-good.json.
func lastGoodPath(dir string) string { return filepath.Join(dir, "config", "last-good.json") }

// saveLastGood writes a version to the file and returns its size.
func saveLastGood(path string, o offer) (size int64, err error) {
	err = writeFile(path, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 1<<18)
		top, err := json.Marshal(lastGood{Format: lastGoodFormat, Bucket: o.at.created, Revision: o.head.Revision, Head: o.head})
		if err != nil {
			return err
		}
		// The documents are written one by one: the whole is large.
		w.Write(top[:len(top)-1])
		w.WriteString(`,"documents":[`)
		if err := writeRecords(w, o); err != nil {
			return err
		}
		w.WriteString("\n]}\n")
		return w.Flush()
	})
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func writeRecords(w *bufio.Writer, o offer) error {
	first := true
	for doc := range o.Set.All() {
		record, err := newRecord(doc, o.facts.get(doc.Key()))
		if err != nil {
			return err
		}
		line, err := json.Marshal(record)
		if err != nil {
			return err
		}
		if !first {
			w.WriteByte(',')
		}
		first = false
		w.WriteByte('\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// readLastGood reads the file and its journal into a mirror that ends at their
// version. The error is fs.ErrNotExist where there is no file; any other one
// says why it cannot be trusted.
func readLastGood(path string) (*mirror, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := decodeLastGood(data)
	if err != nil {
		return nil, fmt.Errorf("%s is not usable: %w", path, err)
	}
	return readJournal(journalPath(path), m), nil
}

func decodeLastGood(data []byte) (*mirror, error) {
	var file lastGood
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if file.Format != lastGoodFormat {
		return nil, fmt.Errorf("format %d, want %d", file.Format, lastGoodFormat)
	}
	if file.Head.Version == 0 {
		return nil, errors.New("it names no version")
	}
	m := newMirror(position{created: file.Bucket, seq: file.Revision})
	m.head = file.Head
	m.head.Revision = file.Revision
	if err := m.put(file.Documents, nil); err != nil {
		return nil, err
	}
	return m, m.verify()
}

// put takes over records of the disk.
func (m *mirror) put(records []lastGoodRecord, deletes []config.Key) error {
	docs, err := decodeRecords(records)
	if err != nil {
		return err
	}
	known := make(map[config.Key]fact, len(records)+len(deletes))
	for _, key := range deletes {
		known[key] = fact{}
	}
	for i, doc := range docs {
		known[doc.Key()] = records[i].fact()
	}
	m.set, m.facts = m.set.With(docs, deletes), m.facts.with(known)
	return nil
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
