package caps

import (
	"strconv"
	"strings"
	"time"
)

// NewIncarnation names a run of a node's process that starts at a time, as the
// field incarnation of the rows it counts. No two nodes share a name, and no
// two runs of one start in the same millisecond.
func NewIncarnation(node string, start time.Time) string {
	return node + "." + strconv.FormatInt(start.UnixMilli(), 36)
}

// IncarnationOf is the incarnation of a name; 0, which is nobody, for none.
func IncarnationOf(name string) Incarnation {
	if name == "" {
		return 0
	}
	return Incarnation(hashOf(saltA, saltB, name))
}

// ParseIncarnation returns the node of a name of NewIncarnation, and a number
// that is higher for its later runs. ok is false where it is no such name.
func ParseIncarnation(name string) (node string, start int64, ok bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", 0, false
	}
	start, err := strconv.ParseInt(name[dot+1:], 36, 64)
	return name[:dot], start, err == nil
}
