package config

// unread is what a problem may follow from without being a mistake: documents
// of which not all could be read.
type unread struct {
	keys map[Key]bool
	// unnamed and unnumbered are the kinds of documents of which the id or the
	// incremental id is not known.
	unnamed, unnumbered map[Kind]bool
	// anything tells that there are documents of which nothing is known.
	anything bool
}

// unread collects what could not be read. names are those of Mistakes.
func (f *Files) unread(names []Key) unread {
	u := unread{map[Key]bool{}, map[Kind]bool{}, map[Kind]bool{}, f.partial}
	for i, d := range f.Documents {
		if !f.places[i].broken {
			continue
		}
		key := d.Key()
		if u.keys[key] = true; i < len(names) {
			u.keys[names[i]] = true
		}
		if key.ID == "" {
			u.unnamed[key.Kind] = true
		}
		if number, has := NumberOf(d); has && number == 0 {
			u.unnumbered[key.Kind] = true
		}
	}
	return u
}

// explains tells whether p may be about another document that could not be
// read: that is missing, belongs elsewhere or has taken a value only as long
// as its own mistakes stand.
func (u unread) explains(p Problem) bool {
	to := p.about
	switch {
	case to.missing && to.id == "":
		return u.anything || u.unnumbered[to.kind]
	case to.missing:
		return u.anything || u.unnamed[to.kind]
	}
	return u.keys[Key{to.kind, to.id}]
}
