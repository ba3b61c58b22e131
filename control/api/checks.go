package api

import (
	"net/http"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/accounts"
	"github.com/clickgate/clickgate/control/problem"
	"github.com/clickgate/clickgate/control/store"
)

// integrationID makes the id of an integration from its name: a DNS label that
// is still free.
func integrationID(_ *call, snap store.Snapshot, f map[string]any) error {
	name, _ := f["name"].(string)
	base := label(name)
	for id := base; ; id = base + "-" + accounts.NewID()[:6] {
		if _, taken := snap.Set.Get(config.Key{Kind: config.KindIntegration, ID: id}); !taken && id != "" {
			f["id"] = id
			return nil
		}
	}
}

// label is a text as a DNS label, cut to leave room for a suffix.
func label(text string) string {
	var b []byte
	for i := 0; i < len(text) && len(b) < 40; i++ {
		switch c := text[i] | 0x20; {
		case c >= 'a' && c <= 'z' && text[i] >= 'A', text[i] >= '0' && text[i] <= '9':
			b = append(b, c)
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	for len(b) > 0 && b[len(b)-1] == '-' {
		b = b[:len(b)-1]
	}
	if len(b) == 0 {
		return "i" + accounts.NewID()
	}
	return string(b)
}

// notArchived refuses new references to entities that are archived: nothing
// new is to begin with them.
func notArchived(_ *call, snap store.Snapshot, before, after config.Document) error {
	var mistakes []problem.Detail
	for field, key := range numbered(after) {
		if before != nil && numbered(before)[field] == key {
			continue
		}
		if doc, ok := snap.Set.ByNumber(key.kind, key.number); ok && config.Archived(doc) {
			mistakes = append(mistakes, problem.Detail{Location: "body." + field, Message: "the " + string(key.kind) + " is archived", Value: key.number})
		}
	}
	if len(mistakes) > 0 {
		return problem.New(http.StatusUnprocessableEntity, "an entity that is archived takes part in nothing new", mistakes...)
	}
	return nil
}

// numberedKey is an entity that another names by its incremental id.
type numberedKey struct {
	kind   config.Kind
	number int64
}

// numbered are the entities that a document names by number, by field.
func numbered(doc config.Document) map[string]numberedKey {
	pair := func(publisher, offer int64) map[string]numberedKey {
		return map[string]numberedKey{
			"publisher_incremental_id": {config.KindPublisher, publisher}, "offer_incremental_id": {config.KindOffer, offer},
		}
	}
	switch d := doc.(type) {
	case *config.Offer:
		return map[string]numberedKey{"advertiser_id": {config.KindAdvertiser, d.AdvertiserID}}
	case *config.BlockedSubID:
		return pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.CustomThrottle:
		return pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.CustomPayout:
		return pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.PublisherPostback:
		return pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.PublisherPixel:
		return pair(d.PublisherIncrementalID, d.OfferIncrementalID)
	}
	return nil
}

// managerExists checks that the manager a partner names is a user of the same
// organization.
func managerExists(c *call, _ store.Snapshot, before, after config.Document) error {
	id := managerID(after)
	if id == "" || before != nil && managerID(before) == id {
		return nil
	}
	users, err := c.users()
	if err != nil {
		return err
	}
	doc, _ := users.Get(config.Key{Kind: config.KindUser, ID: id})
	user, ok := doc.(*config.User)
	if ok && (user.SuperAdmin || user.Organization == config.MetaOf(after).Organization) {
		return nil
	}
	return problem.New(http.StatusUnprocessableEntity, "the manager does not exist",
		problem.Detail{Location: "body.manager_id", Message: "there is no such user in the organization", Value: id})
}
