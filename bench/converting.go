package main

import (
	"bytes"
	"fmt"
	"sync"
)

// Of convertEvery requests one is a conversion. Its click was answered some
// convertAfter clicks before: advertisers' servers are not that fast.
const (
	convertEvery = 20
	convertAfter = 2000
)

// convertingVisitors are visitors some of whose clicks are converted, each once.
func convertingVisitors(click func(n int) []byte) traffic {
	var c pool
	return traffic{
		request: func(n int) []byte {
			if n%convertEvery == 0 {
				if id := c.next(); id != "" {
					return fmt.Appendf(nil, "GET /conversion?transaction_id=%s&secure=bench&external_transaction_id=o%d&purchase_value=49.90 HTTP/1.1\r\nHost: trk.example\r\n\r\n", id, n)
				}
			}
			return click(n)
		},
		seen: c.clicked,
	}
}

// pool keeps the ids of clicks that are to be converted.
type pool struct {
	mu     sync.Mutex
	clicks int
	ids    []string
}

var idParam = []byte("click_id=")

// clicked notes every convertEvery-th click.
func (c *pool) clicked(location []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clicks++; c.clicks%convertEvery != 0 {
		return
	}
	_, id, found := bytes.Cut(location, idParam)
	if !found {
		return
	}
	id, _, _ = bytes.Cut(id, []byte("&"))
	c.ids = append(c.ids, string(id))
}

// next is a click to convert; empty while there is none that is old enough.
func (c *pool) next() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ids) <= convertAfter/convertEvery {
		return ""
	}
	id := c.ids[0]
	c.ids = c.ids[1:]
	return id
}
