package serve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/clickgate/clickgate/internal/outgoing"
	"github.com/clickgate/clickgate/postback/worker"
)

// What an answer holds of a text, in bytes: all of a list must fit into a
// message.
const (
	maxListedURL  = 1 << 10
	maxListedText = 200
	maxShownURL   = 16 << 10
	maxShownBody  = 64 << 10
)

// letters lists dead letters, without what is long.
func (d *Desk) letters(before string, limit int) ([]outgoing.DeadLetter, error) {
	if limit < 1 || limit > outgoing.MaxLetters {
		return nil, fmt.Errorf("limit: %d is not between 1 and %d: %w", limit, outgoing.MaxLetters, outgoing.ErrUnfit)
	}
	found, err := d.opt.Worker.Letters(before, limit)
	if err != nil {
		return nil, known(err)
	}
	list := make([]outgoing.DeadLetter, len(found))
	for i := range found {
		l := d.show(&found[i])
		l.Header, l.Body = nil, ""
		l.URL, l.LastError = cut(l.URL, maxListedURL), cut(l.LastError, maxListedText)
		l.OfferID, l.Publisher = cut(l.OfferID, maxListedText), cut(l.Publisher, maxListedText)
		list[i] = l
	}
	return list, nil
}

// letter is one dead letter with all of it.
func (d *Desk) letter(id string) ([]outgoing.DeadLetter, error) {
	l, err := d.opt.Worker.Letter(id)
	if err != nil {
		return nil, known(err)
	}
	return []outgoing.DeadLetter{d.show(&l)}, nil
}

func (d *Desk) show(l *worker.Letter) outgoing.DeadLetter {
	return outgoing.DeadLetter{
		ID: l.ID, Node: d.opt.Node, DiedAt: l.Died, Source: string(l.Source), Owner: l.Owner,
		TxID: l.About.TxID, ServiceType: l.About.ServiceType, Status: l.About.Status,
		IntegrationID: l.About.IntegrationID, OrganizationID: l.About.OrganizationID,
		OfferID: l.About.OfferID, Publisher: l.About.Publisher,
		IdempotencyKey: l.Key, CreatedAt: l.Create, Method: l.Method,
		URL: cut(l.URL, maxShownURL), Header: outgoing.Header(l.Header), Body: cut(l.Body, maxShownBody),
		Attempts: l.Attempts, LastStatus: l.LastStatus, LastError: l.LastError,
	}
}

// fireTime bounds how long one answer fires dead letters again.
const fireTime = 5 * time.Second

// fireAll fires the dead letters again that died before the one of an id, all
// where it is empty. Where time runs out, next is where to go on. Those that die
// again meanwhile are later ones and are not fired twice.
func (d *Desk) fireAll(ctx context.Context, before string) (fired int, next string, err error) {
	end := d.opt.Now().Add(fireTime)
	for {
		letters, err := d.opt.Worker.Letters(before, outgoing.MaxLetters)
		if err != nil {
			return fired, "", known(err)
		}
		for i := range letters {
			err := known(d.opt.Worker.Refire(letters[i].ID))
			switch {
			case err == nil:
				fired++
			case !errors.Is(err, outgoing.ErrNoLetter): // somebody was faster
				return fired, "", err
			}
			if before = letters[i].ID; ctx.Err() != nil || d.opt.Now().After(end) {
				return fired, before, nil
			}
		}
		if len(letters) < outgoing.MaxLetters {
			return fired, "", nil
		}
	}
}

// cut shortens a text that strangers wrote.
func cut(s string, most int) string {
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
