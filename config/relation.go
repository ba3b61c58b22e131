package config

import "fmt"

// relation is what a problem between two documents says of the other one.
type relation struct {
	reference
	// missing tells that there is no such document.
	missing bool
}

func relationTo(key Key) relation { return relation{reference: reference{kind: key.Kind, id: key.ID}} }

// relationError is a mistake between two documents.
type relationError struct {
	relation
	message string
}

// Error implements error.
func (e *relationError) Error() string { return e.message }

// missing is a reference to what is not there.
func missing(to reference, name string) error {
	return &relationError{relation{to, true}, "there is no " + name}
}

// foreign is a reference to a document of another owner.
func foreign(to Key, sort, theirs, ours string) error {
	return belonging(to, fmt.Sprintf("%s %q, not to %q", sort, shorten(theirs), shorten(ours)))
}

// belonging is a reference to a document that belongs elsewhere.
func belonging(to Key, where string) error {
	return &relationError{relationTo(to), pathOf(to) + " belongs to " + where}
}
