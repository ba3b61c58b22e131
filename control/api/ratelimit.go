package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/clickgate/clickgate/control/problem"
)

// limiter holds requests back, each key by itself.
type limiter struct {
	limit rate.Limit
	burst int
	now   func() time.Time

	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

// mostKeys bounds the memory: beyond it those that are not in use are
// forgotten.
const mostKeys = 10_000

func newLimiter(s Settings, now func() time.Time) *limiter {
	return &limiter{limit: rate.Limit(s.RateLimit), burst: max(s.RateBurst, 1), now: now, keys: map[string]*rate.Limiter{}}
}

// take lets a request through, or says when it may come again.
func (l *limiter) take(key string) (wait time.Duration, ok bool) {
	if l.limit <= 0 {
		return 0, true
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.keys[key]
	if k == nil {
		l.forget(now)
		k = rate.NewLimiter(l.limit, l.burst)
		l.keys[key] = k
	}
	r := k.ReserveN(now, 1)
	wait = r.DelayFrom(now)
	if wait == 0 {
		return 0, true
	}
	r.CancelAt(now)
	return wait, false
}

// forget makes room: a key with all its tokens is as good as a new one.
func (l *limiter) forget(now time.Time) {
	if len(l.keys) < mostKeys {
		return
	}
	for key, k := range l.keys {
		if k.TokensAt(now) >= float64(l.burst) {
			delete(l.keys, key)
		}
	}
}

// paced refuses a request beyond the rate of its key.
func (c *call) paced(key string) error {
	wait, ok := c.limiter.take(key)
	if ok {
		return nil
	}
	seconds := int(wait/time.Second) + 1
	c.w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return problem.New(http.StatusTooManyRequests, "too many requests with this key: come again in "+strconv.Itoa(seconds)+" s, and then more slowly")
}
