package fleet

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/internal/outgoing"
)

// Letters lists up to limit dead letters of all workers, those that died last
// first, that died before the one with the id before; the last ones where it is
// empty.
func (p *Postbacks) Letters(ctx context.Context, before string, limit int) (page outgoing.Page, err error) {
	if before != "" && !outgoing.IsLetterID(before) {
		return page, fmt.Errorf("before: %w: %q is no id of a dead letter: 48 hex digits", outgoing.ErrUnfit, before)
	}
	answers, missing, err := p.everybody(ctx, outgoing.Question{Task: outgoing.TaskList, Before: before, Limit: limit})
	if err != nil {
		return page, err
	}
	page.Missing = missing
	for _, a := range answers {
		page.Letters = append(page.Letters, a.Letters...)
	}
	slices.SortFunc(page.Letters, func(a, b outgoing.DeadLetter) int { return strings.Compare(b.ID, a.ID) })
	if len(page.Letters) >= limit {
		page.Letters = page.Letters[:limit]
		page.Next = page.Letters[limit-1].ID
	}
	return page, nil
}

// Letter returns a dead letter with all of it.
func (p *Postbacks) Letter(ctx context.Context, id string) (outgoing.DeadLetter, error) {
	answers, err := p.holders(ctx, outgoing.TaskShow, id)
	if err != nil {
		return outgoing.DeadLetter{}, err
	}
	if len(answers[0].Letters) != 1 {
		return outgoing.DeadLetter{}, fmt.Errorf("%s: the answer has %d letters", answers[0].Node, len(answers[0].Letters))
	}
	return answers[0].Letters[0], nil
}

// Fire sends a dead letter again, with its old idempotency key.
func (p *Postbacks) Fire(ctx context.Context, id string) error {
	_, err := p.holders(ctx, outgoing.TaskFire, id)
	return err
}

// Discard removes a dead letter.
func (p *Postbacks) Discard(ctx context.Context, id string) error {
	_, err := p.holders(ctx, outgoing.TaskDiscard, id)
	return err
}

// holders are the answers of those workers that have a letter: of one, but where
// the log was read twice.
func (p *Postbacks) holders(ctx context.Context, task outgoing.Task, id string) ([]outgoing.Answer, error) {
	if !outgoing.IsLetterID(id) {
		return nil, fmt.Errorf("%w: %q is not 48 hex digits", outgoing.ErrNoLetter, id)
	}
	answers, missing, err := p.everybody(ctx, outgoing.Question{Task: task, Letter: id})
	if err != nil {
		return nil, err
	}
	if len(answers) == 0 {
		return nil, notAll(missing)
	}
	return answers, nil
}

// FireAll sends all dead letters again. failed tells which workers did not, and
// why: what is left of theirs stays.
func (p *Postbacks) FireAll(ctx context.Context) (fired int, failed []string, err error) {
	nodes, err := p.workers(ctx)
	if err != nil {
		return 0, nil, err
	}
	for _, node := range nodes {
		for before := ""; ; {
			a, err := p.ask(ctx, node, outgoing.Question{Task: outgoing.TaskFireAll, Before: before})
			if err != nil {
				failed = append(failed, node+": "+err.Error())
				break
			}
			fired += a.Fired
			if before = a.Next; before == "" {
				break
			}
		}
	}
	return fired, failed, ctx.Err()
}

// Stats are those of all workers.
func (p *Postbacks) Stats(ctx context.Context) (all []outgoing.Stats, missing []string, err error) {
	answers, missing, err := p.everybody(ctx, outgoing.Question{Task: outgoing.TaskStats})
	for _, a := range answers {
		if a.Stats != nil {
			all = append(all, *a.Stats)
		}
	}
	return all, missing, err
}
