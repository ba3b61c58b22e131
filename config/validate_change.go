package config

// ValidateChange is Validate for a set that differs from base, which is valid,
// in the documents changed at most: it finds the same mistakes, in a time that
// depends on the change and not on the size of the sets. What is deleted though
// others refer to it is a mistake of those others.
//
// It looks at the documents changed, at those that refer to one of which they
// see a change, and at those that claim a value which a changed document claims
// too. With nil as base it is Validate.
func (s *Set) ValidateChange(base *Set, changed []Key, checks Checks) Problems {
	if base == nil || s.isMostly(len(changed)) {
		return s.Validate(checks)
	}
	s.relationsFrom(base, changed)
	affected := make(map[Key]struct{}, len(changed))
	for _, key := range changed {
		i := kindIndex(key.Kind)
		if i < 0 {
			continue
		}
		before, after := base.shelves[i].find(key.ID), s.shelves[i].find(key.ID)
		if after != nil {
			affected[key] = struct{}{}
			s.rivals(i, after.document, affected)
		}
		s.observers(key, faceOf(before), faceOf(after), affected)
	}
	return s.validate(s.batchesOf(sortedKeys(affected)), checks)
}

// face is what the rules of other documents see of one that they refer to.
type face struct {
	exists bool
	owner  owner
	parent Key
	number int64
}

func faceOf(e *entry) face {
	if e == nil {
		return face{}
	}
	f := face{exists: true, owner: ownerOf(e.document)}
	_, f.parent = OwnerOf(e.document)
	claimsOf(e.document, func(c claim) {
		if c.field == numberPath {
			f.number = c.number
		}
	})
	return f
}

// observers adds those who refer to a document whose face changed.
func (s *Set) observers(key Key, before, after face, keys map[Key]struct{}) {
	if before == after {
		return
	}
	s.referrers(reference{kind: key.Kind, id: key.ID}, keys)
	for _, f := range [...]face{before, after} {
		if f.number > 0 {
			s.referrers(reference{kind: key.Kind, number: f.number}, keys)
		}
	}
}

// rivals adds those who claim what d claims.
func (s *Set) rivals(kind int, d Document, keys map[Key]struct{}) {
	claimsOf(d, func(c claim) {
		s.relations().claimants(kind, &c, func(id string) bool {
			keys[Key{kinds[kind].kind, id}] = struct{}{}
			return true
		})
	})
}
