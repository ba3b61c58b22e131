package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

func decimal[T ~int | ~int64 | ~uint64](n T) string { return strconv.FormatInt(int64(n), 10) }

// etag is the tag of an entity: its revision.
func etag(e store.Entry) string { return `"` + strconv.FormatUint(e.Revision, 10) + `"` }

// unchanged tells whether the client has the entity already.
func (c *call) unchanged(e store.Entry) bool {
	header := c.r.Header.Get("If-None-Match")
	return header != "" && (strings.TrimSpace(header) == "*" || lists(header, etag(e), true))
}

// ifMatch refuses a change of an entity that is not as the client knows it.
func (c *call) ifMatch(e store.Entry) error {
	header := strings.Join(c.r.Header.Values("If-Match"), ",")
	if header == "" || strings.TrimSpace(header) == "*" || lists(header, etag(e), false) {
		return nil
	}
	return problem.New(http.StatusPreconditionFailed, "the entity has changed since it was read: read it again",
		problem.Detail{Location: "header.If-Match", Message: "the entity's tag is " + etag(e), Value: header})
}

// lists tells whether a list of tags holds one. Weak tags match only where
// weak comparison is asked for (RFC 9110, section 8.8.3.2).
func lists(header, tag string, weak bool) bool {
	for t := range strings.SplitSeq(header, ",") {
		t = strings.TrimSpace(t)
		if weak {
			t = strings.TrimPrefix(t, "W/")
		}
		if t == tag {
			return true
		}
	}
	return false
}
