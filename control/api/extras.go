package api

import (
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// The look-ups that several resources show.

var nameWithID = extra{"name_with_id", "", func(l look) any {
	number, _ := config.NumberOf(l.Document)
	return labelled(config.NameOf(l.Document), number)
}}

// labelled is a name with its number, as people know it: "Acme [1]".
func labelled(name string, number int64) string {
	return name + " [" + strconv.FormatInt(number, 10) + "]"
}

var managerName = extra{"manager_name", "", func(l look) any {
	if user := managerOf(l); user != nil {
		return strings.TrimSpace(user.FirstName + " " + user.LastName)
	}
	return ""
}}

var managerEmail = extra{"manager_email", "", func(l look) any {
	if user := managerOf(l); user != nil {
		return user.Email
	}
	return ""
}}

func managerOf(l look) *config.User {
	if l.users == nil {
		return nil
	}
	doc, _ := l.users.Get(config.Key{Kind: config.KindUser, ID: managerID(l.Document)})
	user, _ := doc.(*config.User)
	return user
}

func managerID(doc config.Document) string {
	switch d := doc.(type) {
	case *config.Advertiser:
		return d.ManagerID
	case *config.Publisher:
		return d.ManagerID
	}
	return ""
}

// numberOf is the incremental id of a document.
func numberOf(l look, kind config.Kind, id string) int64 {
	doc, ok := l.snap.Set.Get(config.Key{Kind: kind, ID: id})
	if !ok {
		return 0
	}
	number, _ := config.NumberOf(doc)
	return number
}

// withID is the name of a document with its number.
func withID(l look, kind config.Kind, id string) string {
	doc, ok := l.snap.Set.Get(config.Key{Kind: kind, ID: id})
	if !ok {
		return ""
	}
	number, _ := config.NumberOf(doc)
	return labelled(config.NameOf(doc), number)
}

// pairExtras are the look-ups of a document that names a publisher and an
// offer by number.
func pairExtras(pair func(config.Document) (publisher, offer int64), names ...string) []extra {
	of := func(l look) (p *config.Publisher, o *config.Offer) {
		publisher, offer := pair(l.Document)
		doc, _ := l.snap.Set.ByNumber(config.KindPublisher, publisher)
		p, _ = doc.(*config.Publisher)
		doc, _ = l.snap.Set.ByNumber(config.KindOffer, offer)
		o, _ = doc.(*config.Offer)
		return p, o
	}
	values := map[string]func(p *config.Publisher, o *config.Offer) string{
		"offer_id":               func(_ *config.Publisher, o *config.Offer) string { return o.ID },
		"offer_name":             func(_ *config.Publisher, o *config.Offer) string { return o.Name },
		"offer_name_with_id":     func(_ *config.Publisher, o *config.Offer) string { return labelled(o.Name, o.IncrementalID) },
		"integration":            func(_ *config.Publisher, o *config.Offer) string { return o.Integration },
		"currency":               func(_ *config.Publisher, o *config.Offer) string { return o.Currency },
		"publisher_id":           func(p *config.Publisher, _ *config.Offer) string { return p.ID },
		"publisher_name":         func(p *config.Publisher, _ *config.Offer) string { return p.Name },
		"publisher_name_with_id": func(p *config.Publisher, _ *config.Offer) string { return labelled(p.Name, p.IncrementalID) },
	}
	var extras []extra
	for _, name := range names {
		value := values[name]
		extras = append(extras, extra{name, "", func(l look) any {
			p, o := of(l)
			if p == nil || o == nil {
				return ""
			}
			return value(p, o)
		}})
	}
	return extras
}
