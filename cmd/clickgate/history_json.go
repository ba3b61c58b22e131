package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/clickgate/clickgate/control/store"
)

// versionJSON is a version in the output of --json.
type versionJSON struct {
	Version   uint64    `json:"version"`
	Time      time.Time `json:"time"`
	Author    string    `json:"author,omitempty"`
	Comment   string    `json:"comment,omitempty"`
	Digest    string    `json:"digest"`
	Documents int       `json:"documents"`
	Changed   int       `json:"changed"`
	// Keys are the documents that changed, the first 1,000 of them.
	Keys []string `json:"keys"`
	// Changes are given for one version only.
	Changes []changeJSON `json:"changes,omitempty"`
}

// changeJSON is what happened to one document.
type changeJSON struct {
	Key    string      `json:"key"`
	Action string      `json:"action"`
	Fields []fieldJSON `json:"fields,omitempty"`
}

type fieldJSON struct {
	Path string          `json:"path"`
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

func versionsOf(heads []store.Head) []versionJSON {
	all := make([]versionJSON, len(heads))
	for i, h := range heads {
		all[i] = versionJSON{
			Version: h.Version, Time: h.Time, Author: h.Author, Comment: h.Comment,
			Digest: h.Digest, Documents: h.Count, Changed: h.Changed, Keys: h.Keys,
		}
	}
	return all
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func withChanges(v versionJSON, steps []store.Step) versionJSON {
	for _, s := range steps {
		c := changeJSON{Key: s.Key.String(), Action: string(s.Action)}
		for _, f := range s.Fields {
			c.Fields = append(c.Fields, fieldJSON{f.Path, rawJSON(f.Old), rawJSON(f.New)})
		}
		v.Changes = append(v.Changes, c)
	}
	return v
}

// rawJSON is a side of a change; the order of a list is told in plain words.
func rawJSON(s string) json.RawMessage {
	if s != "" && !json.Valid([]byte(s)) {
		quoted, _ := json.Marshal(s) // a string always can be written
		return quoted
	}
	return json.RawMessage(s)
}
