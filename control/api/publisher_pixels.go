package api

import (
	"net/http"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

var pixelFields = []string{"name", "code", "code_type", "is_active", "moderation_status", "label"}

// publisherPixels are ours, as publisherPostbacks are.
func publisherPixels() *resource {
	return &resource{
		kind: config.KindPublisherPixel, name: "PublisherPixel", title: "publisher pixel", plural: "publisher pixels", tag: "publisher-pixels",
		about: "Markup of a publisher that the pixel page of an offer carries for its conversions, once the network has approved it. " +
			"Users of a publisher with postback_manager_enabled make and change its own; other code waits for approval again. " +
			"Who approves code that exists names the state that he read with If-Match.",
		path: "/api/v2/publisher-pixels", param: "publisherPixelID",
		create: body{
			fields:   fields(pixelFields, []string{"publisher_incremental_id", "offer_incremental_id", "organization"}),
			required: []string{"publisher_incremental_id", "offer_incremental_id", "name", "code", "code_type"},
		},
		update: body{fields: pixelFields},
		remove: true, bulkDelete: true,
		amend: moderateAgain,
		check: refusals(notArchived, publishersShare, mayModerate),
		extras: pairExtras(func(d config.Document) (int64, int64) {
			p := d.(*config.PublisherPixel)
			return p.PublisherIncrementalID, p.OfferIncrementalID
		}, "offer_id", "offer_name_with_id", "publisher_id", "publisher_name_with_id", "integration"),
	}
}

// moderateAgain has other code wait for approval, unless the change says what
// becomes of it.
func moderateAgain(before, after config.Document, given map[string]any) config.Document {
	_, moderated := given["moderation_status"]
	if moderated || !recoded(before.(*config.PublisherPixel), after.(*config.PublisherPixel)) {
		return after
	}
	again := *after.(*config.PublisherPixel)
	again.ModerationStatus = "pending"
	return &again
}

// recoded tells that the code is not the one that was moderated.
func recoded(was, is *config.PublisherPixel) bool {
	return is.Code != was.Code || is.CodeType != was.CodeType
}

// mayModerate keeps publishers from approving, and others from approving what
// they have not read: the code may have changed since.
func mayModerate(c *call, _ store.Snapshot, before, after config.Document) error {
	was, _ := before.(*config.PublisherPixel)
	is := after.(*config.PublisherPixel)
	kept := was != nil && is.ModerationStatus == was.ModerationStatus && !recoded(was, is)
	if kept || is.ModerationStatus == "" || is.ModerationStatus == "pending" {
		return nil
	}
	if c.who.PublisherUser != nil {
		return problem.New(http.StatusForbidden, "a publisher user may not moderate pixels",
			problem.Detail{Location: "body.moderation_status", Message: "must be pending or left out", Value: is.ModerationStatus})
	}
	if was != nil && !recoded(was, is) && is.ModerationStatus == "approved" && c.r.Header.Get("If-Match") == "" {
		return problem.New(http.StatusPreconditionRequired, "the publisher may have changed the code meanwhile",
			problem.Detail{Location: "header.If-Match", Message: "must be the ETag of the pixel that is approved"})
	}
	return nil
}
