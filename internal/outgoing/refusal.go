package outgoing

import "errors"

// The ways in which a question goes without its answer. What else went wrong is
// an error of none of these.
var (
	// ErrNoWorker tells that nobody listens, or that somebody who may know does
	// not answer.
	ErrNoWorker = errors.New("no worker answers")
	// ErrNoDocument tells that the live config has no such document.
	ErrNoDocument = errors.New("there is no such document in the live config")
	// ErrNoEvent tells that the log holds no event of the id that the document is
	// about.
	ErrNoEvent = errors.New("there is no such event of it in the log")
	// ErrNoLetter tells that there is no dead letter of the id.
	ErrNoLetter = errors.New("there is no such dead letter")
	// ErrUnfit tells that the question makes no sense.
	ErrUnfit = errors.New("this cannot be asked")
)

// Refusal names one of the errors above between processes.
type Refusal string

var refusals = map[Refusal]error{
	"no_worker": ErrNoWorker, "no_document": ErrNoDocument, "no_event": ErrNoEvent, "no_letter": ErrNoLetter, "unfit": ErrUnfit,
}

// Refused is the answer of a worker that has none.
func Refused(node string, err error) Answer {
	a := Answer{Node: node, Error: err.Error()}
	for name, known := range refusals {
		if errors.Is(err, known) {
			a.Refusal = name
		}
	}
	return a
}

// Err is why a worker has no answer, nil where it has one. It is one of the
// errors above where that was the cause.
func (a Answer) Err() error {
	if a.Error == "" {
		return nil
	}
	return &told{a.Error, refusals[a.Refusal]}
}

// told is an error that another process had.
type told struct {
	text  string
	cause error
}

func (e *told) Error() string { return e.text }

func (e *told) Unwrap() error { return e.cause }
