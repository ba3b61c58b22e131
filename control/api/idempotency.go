package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// receiptLife is how long a repeated request is known.
const receiptLife = 24 * time.Hour

// note is what a receipt says of the first request.
type note struct {
	// Body is the SHA-256 of its body, in hex.
	Body string `json:"body"`
	// The answer.
	Status   int             `json:"status"`
	Location string          `json:"location,omitempty"`
	ETag     string          `json:"etag,omitempty"`
	Answer   json.RawMessage `json:"answer"`
}

// receiptKey is where the receipt of the request is kept; empty when it asks
// for none. It belongs to the owner of the key, method and path.
func (c *call) receiptKey() (string, error) {
	key := c.r.Header.Get("Idempotency-Key")
	if key == "" && c.r.Header.Values("Idempotency-Key") == nil {
		return "", nil
	}
	visible := strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) < 0
	if key == "" || len(key) > 255 || !visible {
		return "", problem.New(http.StatusBadRequest, "the Idempotency-Key is no such",
			problem.Detail{Location: "header.Idempotency-Key", Message: "must be 1 to 255 visible ASCII characters"})
	}
	return sum(c.who.ID() + "\n" + c.r.Method + " " + c.r.URL.Path + "\n" + key), nil
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// receipt is what is written with the change; nil when none is asked for.
func receipt(key string, n note) *store.Receipt {
	if key == "" {
		return nil
	}
	value, _ := json.Marshal(n) // made of strings and valid JSON
	return &store.Receipt{Key: key, Value: value, TTL: receiptLife}
}

// repeated answers a request that was answered before; false when it was not.
func (c *call) repeated(s *store.Store, key string, body []byte) (bool, error) {
	if key == "" {
		return false, nil
	}
	value, found, err := s.Receipt(c.r.Context(), key)
	if err != nil || !found {
		return false, err
	}
	var n note
	if err := json.Unmarshal(value, &n); err != nil {
		return false, err
	}
	if n.Body != sum(string(body)) {
		return false, problem.New(http.StatusUnprocessableEntity, "the Idempotency-Key was used for another request",
			problem.Detail{Location: "header.Idempotency-Key", Message: "belongs to a request with another body; take a new one"})
	}
	h := c.w.Header()
	h.Set("Idempotency-Replayed", "true")
	setIf(h, "Location", n.Location)
	setIf(h, "ETag", n.ETag)
	return true, c.answer(n.Status, n.Answer)
}

func setIf(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
