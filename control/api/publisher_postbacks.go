package api

import (
	"net/http"
	"strconv"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

var publisherPostbackFields = []string{"offer_incremental_id", "url", "method", "status", "goal", "active", "label"}

// publisherPostbacks are ours: the documents have them in their third platform
// only (A26.7, R-65).
func publisherPostbacks() *resource {
	return &resource{
		kind: config.KindPublisherPostback, name: "PublisherPostback", title: "publisher postback", plural: "publisher postbacks", tag: "publisher-postbacks",
		about: "A call that tells a publisher of its conversions, on every offer or on one, by status and goal. " +
			"Users of a publisher with postback_manager_enabled make and change its own.",
		path: "/api/v2/publisher-postbacks", param: "publisherPostbackID",
		create: body{
			fields:   fields(publisherPostbackFields, []string{"publisher_incremental_id", "organization"}),
			required: []string{"publisher_incremental_id", "url"},
		},
		update: body{fields: publisherPostbackFields},
		remove: true, bulkStatus: true, bulkDelete: true,
		make:  markPublisher,
		check: refusals(notArchived, publishersShare),
		extras: []extra{
			{"publisher_name_with_id", "", func(l look) any {
				return withNumber(l, config.KindPublisher, l.Document.(*config.PublisherPostback).PublisherIncrementalID)
			}},
			{"offer_name_with_id", "", func(l look) any {
				return withNumber(l, config.KindOffer, l.Document.(*config.PublisherPostback).OfferIncrementalID)
			}},
		},
	}
}

// withNumber is the name of a document with its number, empty for number 0.
func withNumber(l look, kind config.Kind, number int64) string {
	doc, ok := l.snap.Set.ByNumber(kind, number)
	if !ok {
		return ""
	}
	return labelled(config.NameOf(doc), number)
}

// markPublisher notes that a publisher made the document.
func markPublisher(c *call, _ store.Snapshot, f map[string]any) error {
	f["created_by_publisher"] = c.who.PublisherUser != nil
	return nil
}

// mostOfPublisher is how many documents of a kind the users of one publisher
// may make: each is work for every conversion.
const mostOfPublisher = 100

// publishersShare keeps a publisher's users from making too many.
func publishersShare(c *call, snap store.Snapshot, before, after config.Document) error {
	if c.who.PublisherUser == nil || before != nil {
		return nil
	}
	n := 0
	for doc := range snap.Set.OfKind(after.Key().Kind) {
		if c.who.Sees(doc, snap.Set) {
			n++
		}
	}
	if n < mostOfPublisher {
		return nil
	}
	return problem.New(http.StatusConflict, "a publisher may have "+strconv.Itoa(mostOfPublisher)+" of these; delete one first")
}

// check is a refusal for reasons that documents do not know.
type check = func(c *call, snap store.Snapshot, before, after config.Document) error

// refusals is the first refusal of several.
func refusals(list ...check) check {
	return func(c *call, snap store.Snapshot, before, after config.Document) error {
		for _, refuse := range list {
			if err := refuse(c, snap, before, after); err != nil {
				return err
			}
		}
		return nil
	}
}
