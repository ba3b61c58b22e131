package store

import (
	"maps"

	"github.com/clickgate/clickgate/config"
)

// numbers are the highest incremental ids ever given. Heads of old carry none;
// then those of the documents count.
func (m *mirror) numbers() map[config.Kind]int64 {
	if m.head.Numbers != nil || m.set.Len() == 0 {
		return m.head.Numbers
	}
	numbers := map[config.Kind]int64{}
	for doc := range m.set.All() {
		raise(numbers, doc)
	}
	return numbers
}

// raised is numbers with those of more documents.
func raised(numbers map[config.Kind]int64, docs []config.Document) map[config.Kind]int64 {
	next := maps.Clone(numbers)
	if next == nil {
		next = map[config.Kind]int64{}
	}
	for _, doc := range docs {
		raise(next, doc)
	}
	return next
}

func raise(numbers map[config.Kind]int64, doc config.Document) {
	if n, ok := config.NumberOf(doc); ok {
		kind := doc.Key().Kind
		numbers[kind] = max(numbers[kind], n)
	}
}
