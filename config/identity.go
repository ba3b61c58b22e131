package config

import "reflect"

func (m *Meta) meta() *Meta { return m }

// metaOf is what d carries as every document does.
func metaOf(d Document) *Meta { return d.(interface{ meta() *Meta }).meta() }

// MetaOf returns a copy of what every document carries.
func MetaOf(d Document) Meta { return *metaOf(d) }

// The fields that kinds share under one name.
const (
	numberField   = "IncrementalID"
	externalField = "ExternalID"
	nameField     = "Name"
	archivedField = "Archived"
)

// HasNumber tells whether documents of a kind have an incremental id.
func HasNumber(kind Kind) bool {
	d, ok := NewDocument(kind)
	if !ok {
		return false
	}
	_, has := NumberOf(d)
	return has
}

// NumberOf returns the incremental id of a document; false when its kind has
// none.
func NumberOf(d Document) (int64, bool) {
	f := valueOf(d, numberField)
	if !f.IsValid() {
		return 0, false
	}
	return f.Int(), true
}

// ExternalIDOf returns the external id of a document; empty when it has none.
func ExternalIDOf(d Document) string { return text(d, externalField) }

// NameOf returns the name of a document; empty when its kind has none.
func NameOf(d Document) string { return text(d, nameField) }

// Archived tells whether a document is kept only for what refers to it.
func Archived(d Document) bool {
	f := valueOf(d, archivedField)
	return f.IsValid() && f.Bool()
}

// OwnerOf returns the integration and the parent document that d belongs to:
// an offer's integration, a landing page's offer, a sub id's publisher. Both
// are opaque ids and may be empty.
func OwnerOf(d Document) (integration string, parent Key) {
	integration = ownerOf(d).integration
	switch d := d.(type) {
	case *LandingPage:
		parent = Key{KindOffer, d.Offer}
	case *OfferEvent:
		parent = Key{KindOffer, d.Offer}
	case *PublisherSubID:
		parent = Key{KindPublisher, d.Publisher}
	}
	return integration, parent
}

// Identify returns a copy of d with another id and, where the kind has
// numbers, incremental id.
func Identify(d Document, id string, number int64) Document {
	c := clone(d)
	metaOf(c).ID = id
	if f := valueOf(c, numberField); f.IsValid() {
		f.SetInt(number)
	}
	return c
}

// WithLabel returns a copy of d with another label.
func WithLabel(d Document, label string) Document {
	c := clone(d)
	metaOf(c).Label = label
	return c
}

// clone copies a document; lists and maps are shared, since documents never
// change.
func clone(d Document) Document {
	c := reflect.New(reflect.TypeOf(d).Elem())
	c.Elem().Set(reflect.ValueOf(d).Elem())
	return c.Interface().(Document)
}

func valueOf(d Document, name string) reflect.Value {
	return reflect.ValueOf(d).Elem().FieldByName(name)
}

func text(d Document, name string) string {
	f := valueOf(d, name)
	if !f.IsValid() {
		return ""
	}
	return f.String()
}
