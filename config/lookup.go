package config

// ByNumber returns the document of a kind with an incremental id.
func (s *Set) ByNumber(kind Kind, number int64) (Document, bool) {
	for d := range s.OfKind(kind) {
		if n, ok := NumberOf(d); ok && n == number {
			return d, true
		}
	}
	return nil, false
}

// Referrers returns the documents that refer to a key.
func (s *Set) Referrers(key Key) []Key { return nil }
