// Package device tells from a user agent which browser, system and device a
// visitor has, and whether he is a program.
//
// Three steps, each only when the one before has no answer: a cache; a
// classifier that knows programs by their words and shape; the rules of
// uap-core (package uap). Each takes a few microseconds, and the worst string
// that fits some 200, so a flood of user agents that nobody has seen before
// needs no bound beside that of their length.
package device

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/clickgate/clickgate/edge/device/uap"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// Options bound what a Parser may use. Zero values mean the defaults.
type Options struct {
	// CacheBytes is the memory for parsed user agents; default 32 MiB, some
	// 80,000 of them.
	CacheBytes int64
	// RulesFile is uap-core's regexes.yaml, or a file in its form; empty takes
	// the rules that the program was built with. It is read once.
	RulesFile string
	// BotPatterns are files of regular expressions that name further programs:
	// crawler-user-agents.json, or a pattern a line, whatever its case. They are
	// read again when they change; see [Parser.Watch].
	BotPatterns []string
	// Poll is the time between two looks at them; default source.DefaultPoll.
	Poll time.Duration
}

// maxRulesFile bounds a rules file; uap-core's has 0.2 MiB.
const maxRulesFile = 16 << 20

func (o Options) rules() (*uap.Parser, error) {
	if o.RulesFile == "" {
		rules, err := uap.Default()
		if err != nil {
			return nil, fmt.Errorf("device: built-in rules: %w", err)
		}
		return rules, nil
	}
	info, err := os.Stat(o.RulesFile)
	if err != nil {
		return nil, fmt.Errorf("device: user agent rules: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxRulesFile {
		return nil, fmt.Errorf("device: user agent rules %q: want a file of at most %d bytes", o.RulesFile, maxRulesFile)
	}
	data, err := os.ReadFile(o.RulesFile)
	if err != nil {
		return nil, fmt.Errorf("device: user agent rules: %w", err)
	}
	rules, err := uap.New(data)
	if err != nil {
		return nil, fmt.Errorf("device: user agent rules %q: %w", o.RulesFile, err)
	}
	return rules, nil
}

// Parser answers what a user agent says. It is safe for concurrent use.
type Parser struct {
	cache *cache
	seen  once
	rules *uap.Parser
	list  atomic.Pointer[botList]
	lists *source.Set[[]pattern]

	classified, parsed atomic.Uint64
}

// Stats counts how calls of Parse were answered, since New.
type Stats struct {
	Hits       uint64 // from the cache
	Misses     uint64 // otherwise: the sum of the following two
	Classified uint64 // by the classifier or a list of patterns: a program
	Parsed     uint64 // by the rules
}

// New compiles the rules, which takes a tenth of a second. The Parser must be
// closed.
func New(o Options) (*Parser, error) {
	if o.CacheBytes < 0 {
		return nil, fmt.Errorf("device: a cache of %d bytes: want 0 (the default) or more", o.CacheBytes)
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 32 << 20
	}
	rules, err := o.rules()
	if err != nil {
		return nil, err
	}
	c, err := newCache(o.CacheBytes)
	if err != nil {
		return nil, fmt.Errorf("device: make cache of %d bytes: %w", o.CacheBytes, err)
	}
	p := &Parser{cache: c, rules: rules}
	if err := p.openLists(o); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Close frees the cache and its goroutine. Nobody may call Parse any more.
func (p *Parser) Close() { p.cache.Close() }

// Parse tells what ua says; never nil. The answer is shared and must not be
// changed; it may be kept, ua itself is not. Bytes after the 512th are ignored.
func (p *Parser) Parse(ua string) *click.Device {
	ua = ua[:min(len(ua), maxLen)]
	list := p.list.Load()
	if a, ok := p.cache.Get(ua); ok && a.list == list.generation {
		return a.device
	}
	d := p.judge(ua, list)
	if p.seen.again(ua) {
		p.cache.Set(ua, answer{d, list.generation}, cost(d))
	}
	return d
}

func (p *Parser) judge(ua string, list *botList) *click.Device {
	s := classify(ua)
	if s.class == person {
		s = list.sign(ua)
	}
	if s.class != person {
		p.classified.Add(1)
		return s.device()
	}
	p.parsed.Add(1)
	return look(p.rules, ua)
}

// Stats returns the counts so far.
func (p *Parser) Stats() Stats {
	s := Stats{
		Hits:       p.cache.Metrics.Hits(),
		Classified: p.classified.Load(),
		Parsed:     p.parsed.Load(),
	}
	s.Misses = s.Classified + s.Parsed
	return s
}
