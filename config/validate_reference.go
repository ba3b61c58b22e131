package config

import (
	"fmt"
	"slices"
)

// The checks of how documents relate: values that are unique among them, and
// references from one to another.

// incrementalID checks the number that links carry: at least 1, and unique in
// its kind, whatever the organization, since a link does not name one.
func (v *validator) incrementalID(id int64) {
	if id < 1 {
		v.fail(numberPath, "must be at least 1, found %d", id)
	}
}

// unique checks that no other document claims what d claims. Of those that do
// the first is right, so that the mistake is told of the others only.
func (v *validator) unique(d Document) {
	if !v.contested {
		return
	}
	kind := kindIndex(v.owner.key.Kind)
	claimsOf(d, func(c claim) {
		if first := v.set.claimant(kind, c); first.id != v.owner.key.ID {
			taken := c.shown() + " is taken by " + pathOf(first.document.Key())
			v.addAll(Problems{{Path: c.field, Message: taken, Taken: true, about: relationTo(first.document.Key())}})
		}
	})
}

// parent checks a required reference and returns what it names, or nil.
func (v *validator) parent(field string, kind Kind, id string) Document {
	if id == "" {
		v.fail(field, "missing; it names the %s the document belongs to", kind)
		return nil
	}
	return v.reference(field, kind, id)
}

// reference checks that a document of this id exists and has the same owner,
// and returns it, or nil. An empty id refers to nothing.
func (v *validator) reference(field string, kind Kind, id string) Document {
	if id == "" {
		return nil
	}
	d, err := v.find(kind, id)
	v.failOn(field, err)
	return d
}

// references checks a list of ids.
func (v *validator) references(field string, kind Kind, ids []string) {
	v.list(field, ids, func(id string) error {
		_, err := v.find(kind, id)
		return err
	})
}

func (v *validator) find(kind Kind, id string) (Document, error) {
	d, found := v.set.Get(Key{kind, id})
	if !found {
		return nil, missing(reference{kind: kind, id: id}, pathOf(Key{kind, id}))
	}
	return d, v.sameOwner(d)
}

// byNumber checks a reference by incremental id and returns what it names, or
// nil.
func (v *validator) byNumber(field string, kind Kind, id int64) Document {
	if id < 1 {
		v.fail(field, "missing; it is the incremental id of the %s, at least 1", kind)
		return nil
	}
	d, err := v.findNumber(kind, id)
	v.failOn(field, err)
	return d
}

// numbers checks a list of references by incremental id.
func (v *validator) numbers(field string, kind Kind, ids []int64) {
	v.enter(field)
	defer v.leave()
	for i, id := range ids {
		v.enterIndex(i)
		if at := slices.Index(ids, id); at < i {
			v.add(0, "%d is given already as entry %d; keep one", id, at)
		} else if _, err := v.findNumber(kind, id); err != nil {
			v.addError(err)
		}
		v.leave()
	}
}

func (v *validator) findNumber(kind Kind, id int64) (Document, error) {
	d, found := v.set.ByNumber(kind, id)
	if !found {
		return nil, missing(reference{kind: kind, number: id}, fmt.Sprintf("%s with incremental id %d", kind, id))
	}
	return d, v.sameOwner(d)
}

// sameOwner checks that d has the present document's organization and, where
// both have one, its integration.
func (v *validator) sameOwner(d Document) error {
	mine, other := v.owner, ownerOf(d)
	if mine.organization != other.organization {
		return foreign(other.key, "organization", other.organization, mine.organization)
	}
	if mine.integration != "" && other.integration != "" && mine.integration != other.integration {
		return foreign(other.key, "integration", other.integration, mine.integration)
	}
	return nil
}
