package problem

import "fmt"

// Most is how many mistakes an answer lists. A body can hold many more, and
// each takes more room in the answer than it took in the body.
const Most = 1000

// List collects mistakes up to Most and counts the others. The zero List is
// ready to use.
type List struct {
	details []Detail
	more    int
}

// Full tells whether more mistakes are only counted, so that it is no use to
// look for words for them. A mistake that is not added for that reason must be
// counted with Skip.
func (l *List) Full() bool { return len(l.details) >= Most }

// Skip counts a mistake that a full list would not hold anyway.
func (l *List) Skip() { l.more++ }

// Add notes a mistake.
func (l *List) Add(location string, value any, format string, args ...any) {
	if l.Full() {
		l.more++
		return
	}
	l.details = append(l.details, Detail{Location: location, Message: fmt.Sprintf(format, args...), Value: value})
}

// Details are the mistakes; the last one tells how many more there are. The
// caller may keep them.
func (l *List) Details() []Detail {
	if l.more == 0 {
		return l.details
	}
	return append(l.details[:len(l.details):len(l.details)], counted(l.more))
}

func counted(more int) Detail { return Detail{Message: fmt.Sprintf("and %d more mistakes", more)} }
