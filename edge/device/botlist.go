package device

import (
	"context"
	"fmt"

	"github.com/clickgate/clickgate/edge/device/uap"
	"github.com/clickgate/clickgate/internal/click"
	"github.com/clickgate/clickgate/internal/source"
)

// maxWordless bounds the patterns that have no word to look for first: each is
// tried on every user agent and costs about as much as the classifier.
const maxWordless = 20

// botList is what the files of patterns hold together.
type botList struct {
	generation uint64
	patterns   []pattern
	find       *uap.Patterns // nil when there are no patterns
}

// newBotList joins the patterns of all files.
func newBotList(generation uint64, files []source.State[[]pattern]) (*botList, error) {
	l := &botList{generation: generation}
	var exprs []string
	for _, f := range files {
		for _, p := range f.Content {
			l.patterns = append(l.patterns, p)
			exprs = append(exprs, p.expr)
		}
	}
	if len(exprs) == 0 {
		return l, nil
	}
	var err error
	l.find, err = uap.NewPatterns(exprs)
	return l, err
}

// sign is the finding about a program that a pattern names: general invalid
// traffic, which is what lists find.
func (l *botList) sign(ua string) sign {
	if l.find == nil {
		return sign{}
	}
	i := l.find.Find(ua)
	if i < 0 {
		return sign{}
	}
	var buf [maxLen]byte
	return sign{class: program, traffic: click.GIVT, crawler: claimed(fold(ua, &buf)), name: l.patterns[i].name()}
}

// readPatterns makes the patterns of one file, and refuses a file that would
// make every user agent dear.
func readPatterns(path string) func(data []byte) ([]pattern, error) {
	return func(data []byte) ([]pattern, error) {
		all, err := parsePatterns(path, data)
		if err != nil {
			return nil, err
		}
		exprs := make([]string, len(all))
		for i, p := range all {
			exprs[i] = p.expr
		}
		find, err := uap.NewPatterns(exprs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if n := find.Wordless(); n > maxWordless {
			return nil, fmt.Errorf("%s: %d patterns match without a word of three ASCII letters or more, at most %d are allowed", path, n, maxWordless)
		}
		return all, nil
	}
}

// openLists reads the files of patterns.
func (p *Parser) openLists(o Options) error {
	p.list.Store(&botList{})
	p.lists = source.NewSet(o.Poll, p.renewList)
	for _, path := range o.BotPatterns {
		p.lists.Add(path, readPatterns(path))
	}
	if err := p.lists.Reload(); err != nil {
		return fmt.Errorf("device: bot patterns: %w", err)
	}
	return nil
}

// renewList makes the list of all files' patterns. What the cache holds was
// judged by another list and counts no longer.
func (p *Parser) renewList(files []source.State[[]pattern]) {
	l, err := newBotList(p.list.Load().generation+1, files)
	if err != nil {
		panic("BUG: patterns that compiled one file at a time do not together: " + err.Error())
	}
	p.list.Store(l)
}

// Watch takes over files of bot patterns that change, until ctx ends. A broken
// file leaves its former patterns in use. report, if not nil, is told of every
// file taken over or refused.
func (p *Parser) Watch(ctx context.Context, report func(source.Change)) { p.lists.Watch(ctx, report) }
