package state

import "sync"

const (
	// pageHours are the hours of a page. Short pages waste little on keys that
	// are seldom seen; long ones make long windows quicker to add up.
	pageHours = 8
	// pageHead are the words before the counts: number and next.
	pageHead = 2
	// chunkPages are allocated at a time, so that an idle memory costs nothing.
	chunkPages = 1024
)

// page holds the counts of eight hours of one key: its number (unix hours by
// eight), the index of the key's page before it, then the counters hour by
// hour.
type page []uint32

func (g page) number() uint32 { return g[0] }
func (g page) next() uint32   { return g[1] }

// first is the first hour of the page.
func (g page) first() uint32 { return g.number() * pageHours }

// hour returns the counters of an hour of the page.
func (g page) hour(i uint32, width int) []uint32 {
	at := pageHead + int(i%pageHours)*width
	return g[at : at+width]
}

// left tells whether all hours of the page lie before the window of that many
// hours that ends with the given one.
func (g page) left(hour uint32, window uint16) bool {
	return g.first()+pageHours-1+uint32(window) <= hour
}

// pages is the memory of an hourly: a pool that any key draws on, so that a key
// takes what it needs. Pages have indexes from 1 on; 0 is none. A page belongs
// to the stripe of its key, and only the pool itself has a lock here.
type pages struct {
	width int // counters of an hour
	limit uint32
	// chunks are set once, under the lock and before the first index into
	// them is handed out.
	chunks [][]uint32

	mu    sync.Mutex
	fresh uint32 // how many were ever taken
	free  uint32 // the first of those given back
	used  int
}

func newPages(width, limit int) pages {
	return pages{width: width, limit: uint32(limit), chunks: make([][]uint32, (limit+chunkPages-1)/chunkPages)}
}

// stride is the length of a page in words.
func (p *pages) stride() int { return pageHead + pageHours*p.width }

// at returns the page with an index.
func (p *pages) at(i uint32) page {
	at := int((i-1)%chunkPages) * p.stride()
	return p.chunks[(i-1)/chunkPages][at : at+p.stride()]
}

// take returns an empty page with that number and successor; 0 when there is
// none left.
func (p *pages) take(number, next uint32) uint32 {
	i := p.draw()
	if i != 0 {
		p.begin(i, number, next)
	}
	return i
}

// begin empties a page.
func (p *pages) begin(i, number, next uint32) {
	g := p.at(i)
	clear(g)
	g[0], g[1] = number, next
}

func (p *pages) draw() uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := p.free; i != 0 {
		p.free = p.at(i).next()
		p.used++
		return i
	}
	if p.fresh == p.limit {
		return 0
	}
	if p.fresh%chunkPages == 0 {
		n := min(chunkPages, p.limit-p.fresh)
		p.chunks[p.fresh/chunkPages] = make([]uint32, int(n)*p.stride())
	}
	p.fresh++
	p.used++
	return p.fresh
}

// give takes back a page and all those that follow it.
func (p *pages) give(first uint32) {
	n, last := 1, p.at(first)
	for last.next() != 0 {
		n, last = n+1, p.at(last.next())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last[1] = p.free
	p.free = first
	p.used -= n
}

// inUse returns how many pages are in use.
func (p *pages) inUse() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.used
}
