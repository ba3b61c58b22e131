package accounts

import (
	"fmt"
	"strconv"

	"github.com/clickgate/clickgate/config"
)

// The policy: who sees and changes which document.
//
//	super admin      everything
//	admin            everything of his organization
//	account manager  sees the configuration of his organization; changes
//	                 partners and what hangs on them within his scope
//	publisher user   sees his own publisher, its sub ids and what it is told:
//	                 postbacks, pixels, and the postback managers that it made;
//	                 changes these where it has postback_manager_enabled
//
// The scope of an account manager is set for each side, advertisers and
// publishers: Global is all partners of the side, Limited lets him see all and
// change those he manages, Restricted shows him no others either. To change
// anything of a side he must be a manager of it.

// access is what a scope allows.
type access struct{ see, change bool }

var (
	full     = access{see: true, change: true}
	readOnly = access{see: true}
	none     = access{}
)

// Sees tells whether p may know that doc exists.
func (p Principal) Sees(doc config.Document, set *config.Set) bool { return p.access(doc, set).see }

// MayChange returns why p must not make, change or delete doc; nil when he
// may.
func (p Principal) MayChange(doc config.Document, set *config.Set) error {
	switch {
	case p.ReadOnly():
		return fmt.Errorf("the API key is read-only")
	case p.PublisherUser != nil && p.ofPublisher(doc) == readOnly && told(doc):
		return fmt.Errorf("the publisher has no postback_manager_enabled")
	case !p.access(doc, set).change:
		return fmt.Errorf("%s may not change this %s", p.role(), doc.Key().Kind)
	}
	return nil
}

func (p Principal) role() string {
	switch {
	case p.PublisherUser != nil:
		return "a publisher user"
	case p.User == nil:
		return "nobody"
	case p.Admin():
		return "an admin"
	}
	return "an account manager with this access"
}

func (p Principal) access(doc config.Document, set *config.Set) access {
	if p.SuperAdmin() {
		return full
	}
	if p.Organization() == "" || config.MetaOf(doc).Organization != p.Organization() {
		return none
	}
	switch {
	case p.PublisherUser != nil:
		return p.ofPublisher(doc)
	case p.Admin():
		return full
	case p.User != nil:
		return p.ofManager(doc, set)
	}
	return none
}

// ofPublisher is what a publisher user may do.
func (p Principal) ofPublisher(doc config.Document) access {
	own := false
	switch d := doc.(type) {
	case *config.Publisher:
		own = d.ID == p.Publisher.ID
	case *config.PublisherSubID:
		own = d.Publisher == p.Publisher.ID
	case *config.PublisherUser:
		own = d.ID == p.PublisherUser.ID
	case *config.PublisherPostback:
		return p.own(d.PublisherIncrementalID == p.Publisher.IncrementalID)
	case *config.PublisherPixel:
		return p.own(d.PublisherIncrementalID == p.Publisher.IncrementalID)
	case *config.PostbackManager:
		return p.own(d.CreatedByPublisher && p.isNamed(d.Filters.PublisherID))
	}
	return access{see: own}
}

// own is what a publisher user may do with what tells his publisher of its
// traffic.
func (p Principal) own(own bool) access {
	return access{see: own, change: own && p.Publisher.PostbackManagerEnabled}
}

// isNamed tells whether an opaque or incremental id is that of the publisher.
func (p Principal) isNamed(id string) bool {
	return id == p.Publisher.ID || id == strconv.FormatInt(p.Publisher.IncrementalID, 10)
}

// told tells the documents that publishers may be let change.
func told(doc config.Document) bool {
	switch doc.(type) {
	case *config.PublisherPostback, *config.PublisherPixel, *config.PostbackManager:
		return true
	}
	return false
}

// ofManager is what an account manager may do.
func (p Principal) ofManager(doc config.Document, set *config.Set) access {
	switch d := doc.(type) {
	case *config.Advertiser:
		return p.advertiser(d)
	case *config.Publisher:
		return p.publisher(d)
	case *config.Offer:
		return p.offer(d, set)
	case *config.LandingPage:
		return p.offerOf(set, d.Offer)
	case *config.OfferEvent:
		return p.offerOf(set, d.Offer)
	case *config.PublisherSubID:
		return p.publisherOf(set, d.Publisher)
	case *config.BlockedSubID:
		return p.pair(set, d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.CustomPayout:
		return p.pair(set, d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.CustomThrottle:
		return p.pair(set, d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.PublisherPostback:
		return p.pair(set, d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.PublisherPixel:
		return p.pair(set, d.PublisherIncrementalID, d.OfferIncrementalID)
	case *config.PublisherUser:
		return p.publisherOf(set, d.PublisherID)
	case *config.User:
		return access{see: d.ID == p.User.ID}
	case *config.APIKey:
		return access{see: d.UserID == p.User.ID}
	}
	return readOnly
}

// scoped is the access to a partner of one side.
func scoped(scope string, manages, mine bool) access {
	a := full
	switch scope {
	case "Limited":
		a.change = mine
	case "Restricted":
		a = access{see: mine, change: mine}
	}
	a.change = a.change && manages
	return a
}

func (p Principal) advertiser(d *config.Advertiser) access {
	return scoped(p.User.AdvertiserManagerAccess, p.User.IsAdvertiserManager, d.ManagerID == p.User.ID)
}

func (p Principal) publisher(d *config.Publisher) access {
	return scoped(p.User.PublisherManagerAccess, p.User.IsPublisherManager, d.ManagerID == p.User.ID)
}

// offer follows its advertiser.
func (p Principal) offer(d *config.Offer, set *config.Set) access {
	doc, ok := set.ByNumber(config.KindAdvertiser, d.AdvertiserID)
	if !ok {
		return none
	}
	return p.advertiser(doc.(*config.Advertiser))
}

func (p Principal) offerOf(set *config.Set, id string) access {
	doc, ok := set.Get(config.Key{Kind: config.KindOffer, ID: id})
	if !ok {
		return none
	}
	return p.offer(doc.(*config.Offer), set)
}

func (p Principal) publisherOf(set *config.Set, id string) access {
	doc, ok := set.Get(config.Key{Kind: config.KindPublisher, ID: id})
	if !ok {
		return none
	}
	return p.publisher(doc.(*config.Publisher))
}

// pair is the access to what concerns a publisher and an offer: that of both.
// It hangs on the publisher, so managing him is enough to change it where the
// offer is seen. Offer 0 is any.
func (p Principal) pair(set *config.Set, publisher, offer int64) access {
	doc, ok := set.ByNumber(config.KindPublisher, publisher)
	if !ok {
		return none
	}
	mine := p.publisher(doc.(*config.Publisher))
	if offer == 0 {
		return mine
	}
	if doc, ok = set.ByNumber(config.KindOffer, offer); !ok {
		return none
	}
	theirs := p.offer(doc.(*config.Offer), set)
	return access{see: mine.see && theirs.see, change: mine.change && theirs.see}
}
