package api

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/query"
	"github.com/clickgate/clickgate/control/store"
)

// resource declares one collection of documents: where it stands, what may be
// written and what is shown. The engine makes its endpoints of it.
type resource struct {
	kind config.Kind
	// name is one of them in an operation id ("Offer"), title in a sentence
	// ("offer"), plural in a path and a sentence ("offers").
	name, title, plural string
	// tag groups the operations, about says what the entity is.
	tag, about string
	// path of the collection, and the name of the id in the path of one.
	path, param string
	// parents are the entities in the path, outermost first.
	parents []parent

	// create and update are the fields of the bodies.
	create, update body
	// extras are read-only fields that are looked up, not kept.
	extras []extra
	// secrets are fields that only admins see; dots reach inner ones.
	secrets []string
	// hidden are fields of the document that the API does not show.
	hidden []string

	// The operations besides list, create, get and update.
	remove, bulkCreate, bulkStatus, bulkDelete bool
	// superBulkDelete leaves bulk deletion to the super admin.
	superBulkDelete bool
	// listOrOne lets create take a list too.
	listOrOne bool
	// archives says that a deletion keeps the document, marked archived.
	archives bool

	// amend returns a changed document with what its change brings with it;
	// given is the patch.
	amend func(before, after config.Document, given map[string]any) config.Document
	// make fills in what a new document has beyond its body.
	make func(c *call, snap store.Snapshot, fields map[string]any) error
	// check refuses a write for reasons that documents do not know.
	check func(c *call, snap store.Snapshot, before, after config.Document) error
	// ofPublishers says that publisher users work with the documents too,
	// though they see none of the parents in the path.
	ofPublishers bool
	// accounts says that the documents are accounts.
	accounts bool
	// view is the path of a collection that only shows, where there is one.
	view *view

	// listed are the fields of lists, made once.
	listed func() query.Fields[item]
}

// parent is an entity in the path of a resource.
type parent struct {
	param string
	kind  config.Kind
	// field of the document names the parent's id, or with number its
	// incremental id. Empty where the document does not name it.
	field  string
	number bool
}

// body lists the fields of a request.
type body struct{ fields, required []string }

// extra is a read-only field.
type extra struct {
	name string
	// sample has the type of the field.
	sample any
	// of looks the field up.
	of func(l look) any
}

// look is what an extra may look at.
type look struct {
	store.Entry
	snap store.Snapshot
	// users finds the people that managers are.
	users *config.Set
}

// view is a second, read-only path to a resource.
type view struct{ path, param, tag string }

// fields joins lists of names.
func fields(lists ...[]string) (all []string) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// The parents that several resources have.
var (
	inIntegration = parent{param: "integrationID", kind: config.KindIntegration, field: "integration"}
	inOffer       = parent{param: "offerID", kind: config.KindOffer, field: "offer"}
	inPublisher   = parent{param: "publisherID", kind: config.KindPublisher, field: "publisher"}
)
