package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/internal/outgoing"
)

const (
	lettersPath = "/api/v2/postback-dead-letters"
	letterPath  = lettersPath + "/{letterID}"
	// letterRounds bounds how many dead letters of others are passed over for one
	// page, in hundreds.
	letterRounds = 50
)

// addLetters makes the endpoints of calls that were given up.
func (a *API) addLetters() {
	letter := a.book.Value(outgoing.DeadLetter{})
	meta := a.book.Define("DeadLettersMeta", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"next":    {Type: huma.TypeString, Description: "page[before] of the next page; empty at the end. A page may be short though there is a next"},
		"missing": {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}, Description: "Workers that did not answer: theirs are not listed"},
	}})
	operation := func(id, method, path, summary, about string, answers map[string]*huma.Response) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: path, Summary: summary, Description: about, Tags: []string{"postback-dead-letters"},
			Security: secured, Parameters: pathParams(path), Responses: answers,
		}
	}
	list := operation("listPostbackDeadLetters", http.MethodGet, lettersPath, "List the postbacks that were given up",
		"Outgoing calls that failed for good, those that died last first. Publishers see those of their own postbacks, "+
			"account managers those of documents that they may change.",
		responses("200", "A page", a.book.Define("DeadLetterList", &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
			"data": {Type: huma.TypeArray, Items: letter}, "meta": meta,
		}})))
	list.Parameters = []*huma.Param{
		{Name: "page[size]", In: "query", Schema: number(1, outgoing.MaxLetters, 50), Description: "Entries on a page"},
		{Name: "page[before]", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "Id of a dead letter: those that died earlier are listed"},
	}
	a.handle(list, (*call).listLetters)
	a.handle(operation("getPostbackDeadLetter", http.MethodGet, letterPath, "Read a postback that was given up",
		"The call with its headers and body, secrets masked.", a.dataOf("DeadLetter", letter)), (*call).getLetter)
	a.handle(operation("firePostbackDeadLetter", http.MethodPost, letterPath+"/fire", "Send a postback again that was given up",
		"It has its old idempotency key and as many attempts as a new one. It needs the right to change what asked for it.", emptyBody),
		func(c *call) error { return c.changeLetter(Postbacks.Fire) })
	a.handle(operation("deletePostbackDeadLetter", http.MethodDelete, letterPath, "Discard a postback that was given up",
		"It is never sent. It needs the right to change what asked for it.", emptyBody),
		func(c *call) error { return c.changeLetter(Postbacks.Discard) })
}

// letterPage reads the query of a list.
func letterPage(query url.Values) (before string, size int, mistakes problem.List) {
	size = 50
	for name, values := range query {
		value := values[0]
		switch {
		case len(values) > 1:
			mistakes.Add("query."+name, nil, "given more than once; keep one")
		case name == "page[size]":
			n, err := strconv.Atoi(value)
			if size = n; err != nil || n < 1 || n > outgoing.MaxLetters {
				mistakes.Add("query."+name, value, "must be a whole number from 1 to %d", outgoing.MaxLetters)
			}
		case name == "page[before]":
			if before = value; !outgoing.IsLetterID(value) {
				mistakes.Add("query."+name, value, "must be the id of a dead letter: 48 lower-case hex digits")
			}
		default:
			mistakes.Add("query."+name, value, "unknown parameter; allowed are page[before], page[size]")
		}
	}
	return before, size, mistakes
}

func (c *call) listLetters() error {
	before, size, mistakes := letterPage(c.r.URL.Query())
	if list := mistakes.Details(); len(list) > 0 {
		return problem.New(http.StatusBadRequest, "the query has mistakes", list...)
	}
	snap, err := c.live()
	if err != nil {
		return err
	}
	if c.Postbacks == nil {
		return c.noPostbacks(outgoing.ErrNoWorker)
	}
	page, err := c.lettersBefore(before, size, snap.Set)
	if err != nil {
		return c.noPostbacks(err)
	}
	meta := map[string]any{"next": page.Next}
	if c.who.PublisherUser == nil {
		meta["missing"] = append([]string{}, page.Missing...)
	}
	return c.answer(http.StatusOK, map[string]any{"data": append([]outgoing.DeadLetter{}, page.Letters...), "meta": meta})
}

// lettersBefore is a page of what the caller sees.
func (c *call) lettersBefore(before string, size int, set *config.Set) (page outgoing.Page, err error) {
	for range letterRounds {
		some, err := c.Postbacks.Letters(c.r.Context(), before, outgoing.MaxLetters)
		if err != nil {
			return page, err
		}
		page.Missing = some.Missing
		for i := range some.Letters {
			before = some.Letters[i].ID
			if !c.seesLetter(&some.Letters[i], set) {
				continue
			}
			page.Letters = append(page.Letters, c.masked(some.Letters[i]))
			if len(page.Letters) == size {
				page.Next = before
				return page, nil
			}
		}
		if some.Next == "" {
			return page, nil
		}
	}
	page.Next = before
	return page, nil
}

// masked hides the workers' names from publishers.
func (c *call) masked(l outgoing.DeadLetter) outgoing.DeadLetter {
	if c.who.PublisherUser != nil {
		l.Node = ""
	}
	return l
}

// letterOwners are the kinds of the documents that ask for calls.
var letterOwners = map[string]config.Kind{
	"postback_manager": config.KindPostbackManager, "publisher_postback": config.KindPublisherPostback,
	"third_party_sync": config.KindIntegration, "impression_forwarding": config.KindOffer, "parallel_tracking": config.KindOffer,
}

// seesLetter tells whether the caller may see a dead letter: it tells of an
// event, which who may change the document could have sent to himself. Those of
// documents that are gone are the admins'.
func (c *call) seesLetter(l *outgoing.DeadLetter, set *config.Set) bool {
	doc, ok := set.Get(config.Key{Kind: letterOwners[l.Source], ID: l.Owner})
	switch {
	case !ok:
		return c.who.SuperAdmin() || c.who.Admin() && l.OrganizationID != "" && l.OrganizationID == c.who.Organization()
	case c.who.Admin(), c.who.PublisherUser != nil:
		return c.who.Sees(doc, set)
	}
	return c.who.MayChange(doc, set) == nil
}

// letter is the one in the path.
func (c *call) letter() (l outgoing.DeadLetter, set *config.Set, err error) {
	if err := c.noQuery(); err != nil {
		return l, nil, err
	}
	snap, err := c.live()
	if err != nil {
		return l, nil, err
	}
	if c.Postbacks == nil {
		return l, nil, c.noPostbacks(outgoing.ErrNoWorker)
	}
	if l, err = c.Postbacks.Letter(c.r.Context(), c.r.PathValue("letterID")); err == nil && !c.seesLetter(&l, snap.Set) {
		err = outgoing.ErrNoLetter
	}
	if err != nil {
		err = c.noPostbacks(err)
	}
	return l, snap.Set, err
}

func (c *call) getLetter() error {
	l, _, err := c.letter()
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]any{"data": c.masked(l)})
}

// letterChange is what may be done with a dead letter.
type letterChange = func(p Postbacks, ctx context.Context, id string) error

// changeLetter fires or discards the one in the path.
func (c *call) changeLetter(do letterChange) error {
	l, set, err := c.letter()
	if err != nil {
		return err
	}
	if doc, ok := set.Get(config.Key{Kind: letterOwners[l.Source], ID: l.Owner}); ok {
		if err := c.who.MayChange(doc, set); err != nil {
			return problem.New(http.StatusForbidden, err.Error())
		}
	}
	if err := do(c.Postbacks, c.r.Context(), l.ID); err != nil {
		return c.noPostbacks(err)
	}
	return c.done()
}
