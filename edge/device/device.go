// Package device tells from a user agent which browser, system and device a
// visitor has, and whether he is a program.
//
// Three steps, each only when the one before has no answer: a cache; a
// classifier that knows programs by their words and shape (a few microseconds);
// the rules of uap-core (a millisecond of regular expressions, ten for the worst
// string that fits). The third
// is bounded: when more user agents arrive that nobody has seen before than the
// allowed share of the machine can parse, the surplus gets a sketch, which names
// the common browsers and systems, but neither brand nor model.
package device

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/clickgate/clickgate/internal/click"
	"github.com/ua-parser/uap-go/uaparser"
)

// Options bound what a Parser may use. Zero values mean the defaults.
type Options struct {
	// CacheBytes is the memory for parsed user agents; default 32 MiB, some
	// 80,000 of them.
	CacheBytes int64
	// MaxParses is how many user agents may be parsed by regular expressions
	// at the same time; default a quarter of the processors, at least one.
	MaxParses int
	// Share is how much of all processors' time the regular expressions may
	// take, above 0 to 1; default a quarter.
	Share float64
	// MaxQueue is how many more may wait for that; default 8 for each parse.
	MaxQueue int
	// MaxWait is the longest wait; default 10 ms.
	MaxWait time.Duration
}

func (o Options) withDefaults() (Options, error) {
	if o.CacheBytes < 0 || o.MaxParses < 0 || o.MaxQueue < 0 || o.MaxWait < 0 || o.Share < 0 || o.Share > 1 {
		return o, fmt.Errorf("device: option out of range in %+v", o)
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 32 << 20
	}
	if o.MaxParses == 0 {
		o.MaxParses = max(runtime.GOMAXPROCS(0)/4, 1)
	}
	if o.Share == 0 {
		o.Share = 0.25
	}
	if o.MaxQueue == 0 {
		o.MaxQueue = 8 * o.MaxParses
	}
	if o.MaxWait == 0 {
		o.MaxWait = 10 * time.Millisecond
	}
	return o, nil
}

// Parser answers what a user agent says. It is safe for concurrent use.
type Parser struct {
	cache *cache
	rules *uaparser.RegexDefinitions
	gate  *gate
	// budget is the time the rules may take.
	budget *budget

	classified, parsed, sketched atomic.Uint64
}

// Stats counts how calls of Parse were answered, since New.
type Stats struct {
	Hits       uint64 // from the cache
	Misses     uint64 // otherwise: the sum of the following three
	Classified uint64 // by the classifier: a program
	Parsed     uint64 // by regular expressions
	Sketched   uint64 // by a sketch, because too many were being parsed
}

// New compiles the rules, which takes a moment. The Parser must be closed.
func New(o Options) (*Parser, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	// The package's own cache is passed by (see look), so it is kept minimal.
	uap, err := uaparser.New(uaparser.WithCacheSize(1))
	if err != nil {
		return nil, fmt.Errorf("device: compile rules: %w", err)
	}
	c, err := newCache(o.CacheBytes)
	if err != nil {
		return nil, fmt.Errorf("device: make cache of %d bytes: %w", o.CacheBytes, err)
	}
	return &Parser{cache: c, rules: uap.RegexDefinitions, gate: newGate(o.MaxParses, o.MaxQueue, o.MaxWait),
		budget: newBudget(o.Share * float64(runtime.GOMAXPROCS(0)))}, nil
}

// Close frees the cache and its goroutine. Nobody may call Parse any more.
func (p *Parser) Close() { p.cache.Close() }

// Parse tells what ua says; never nil. The answer is shared and must not be
// changed; it may be kept, ua itself is not. Bytes after the 512th are ignored.
func (p *Parser) Parse(ua string) *click.Device {
	ua = ua[:min(len(ua), maxLen)]
	if d, ok := p.cache.Get(ua); ok {
		return d
	}
	if s := classify(ua); s.class != person {
		p.classified.Add(1)
		return p.keep(ua, s.device())
	}
	if !p.budget.open() || !p.gate.enter() {
		p.sketched.Add(1)
		return sketch(ua)
	}
	defer p.gate.leave()
	// Somebody may have parsed the same one while we waited.
	if d, ok := p.cache.Get(ua); ok {
		return d
	}
	p.parsed.Add(1)
	start := time.Now()
	d := look(p.rules, ua)
	p.budget.spend(time.Since(start))
	return p.keep(ua, d)
}

func (p *Parser) keep(ua string, d *click.Device) *click.Device {
	p.cache.Set(ua, d, cost(d))
	return d
}

// Stats returns the counts so far.
func (p *Parser) Stats() Stats {
	s := Stats{
		Hits:       p.cache.Metrics.Hits(),
		Classified: p.classified.Load(),
		Parsed:     p.parsed.Load(),
		Sketched:   p.sketched.Load(),
	}
	s.Misses = s.Classified + s.Parsed + s.Sketched
	return s
}
