package e2e

import (
	"bytes"
	"encoding/json"
	"sync"
)

// transcript keeps what a process writes.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// find returns the fields of the first log line with a message, or nil.
func (t *transcript) find(message string) map[string]any {
	for line := range bytes.Lines([]byte(t.String())) {
		var fields map[string]any
		if json.Unmarshal(line, &fields) == nil && fields["msg"] == message {
			return fields
		}
	}
	return nil
}
