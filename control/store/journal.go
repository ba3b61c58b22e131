package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
)

// The journal holds, a line each, the versions that followed the one in the
// last-good file: a changed document among 100,000 costs a line on disk and not
// all of them. A line is its CRC-32 in hex, a space and a journalEntry. What
// follows a line that was torn by a crash does not count.

// journalEntry is one version, as what it changed in the one of Base.
type journalEntry struct {
	Base     uint64           `json:"base"`
	Bucket   time.Time        `json:"bucket"`
	Revision uint64           `json:"revision"`
	Head     Head             `json:"head"`
	Puts     []lastGoodRecord `json:"puts,omitempty"`
	Deletes  []string         `json:"deletes,omitempty"`
}

func journalPath(lastGood string) string { return strings.TrimSuffix(lastGood, ".json") + ".journal" }

// appendJournal writes a version behind the journal's end and returns how many
// bytes it took.
func appendJournal(path string, base uint64, o offer) (n int64, err error) {
	line, err := journalLine(base, o)
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(line); err != nil {
		return 0, err
	}
	return int64(len(line)), f.Sync()
}

func journalLine(base uint64, o offer) ([]byte, error) {
	e := journalEntry{Base: base, Bucket: o.at.created, Revision: o.head.Revision, Head: o.head}
	for _, key := range o.Changed {
		doc, ok := o.Set.Get(key)
		if !ok {
			e.Deletes = append(e.Deletes, key.String())
			continue
		}
		record, err := newRecord(doc, o.facts.get(key))
		if err != nil {
			return nil, err
		}
		e.Puts = append(e.Puts, record)
	}
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, "%08x ", crc32.ChecksumIEEE(text)), append(text, '\n')...), nil
}

// readJournal returns m with the versions of the journal that follow it. Where
// the journal is damaged, the last version before the damage counts: an edge
// catches up with the store from there.
func readJournal(path string, m *mirror) *mirror {
	data, err := os.ReadFile(path)
	if err != nil {
		return m
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	next := m.copy()
	for lines.Scan() {
		e, ok := parseJournal(lines.Bytes())
		if !ok || e.Base != next.head.Version || !e.Bucket.Equal(next.at.created) {
			break
		}
		after := next.copy()
		if after.replay(e) != nil {
			break
		}
		next = after
	}
	if next.head.Version != m.head.Version && next.verify() != nil {
		return m
	}
	return &next
}

// parseJournal reads a line; false when it is not as it was written.
func parseJournal(line []byte) (e journalEntry, ok bool) {
	sum, text, found := bytes.Cut(line, []byte(" "))
	if !found || string(sum) != fmt.Sprintf("%08x", crc32.ChecksumIEEE(text)) {
		return e, false
	}
	return e, json.Unmarshal(text, &e) == nil
}

// replay takes over a version of the journal.
func (m *mirror) replay(e journalEntry) error {
	var deletes []config.Key
	for _, key := range e.Deletes {
		kind, id, _ := strings.Cut(key, "/")
		deletes = append(deletes, config.Key{Kind: config.Kind(kind), ID: id})
	}
	if err := m.put(e.Puts, deletes); err != nil {
		return err
	}
	m.head = e.Head
	m.head.Revision = e.Revision
	m.at.seq = e.Revision
	return nil
}
