package click

// CategorySet is the content categories of a referer or site (C3).
type CategorySet uint8

// CategoryFraud are sites on the operator's lists of referrer spam.
const CategoryFraud CategorySet = 1 << 0

// categories are the names of the bits, as settings and event rows spell them.
var categories = [...]string{"fraud"}

// Categories lists the names of all categories.
func Categories() []string { return append([]string(nil), categories[:]...) }

// CategoryNamed returns the category of a name.
func CategoryNamed(name string) (CategorySet, bool) {
	for i, n := range categories {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// Each calls yield with the name of every category of s.
func (s CategorySet) Each(yield func(name string) bool) {
	for i, n := range categories {
		if s&(1<<i) != 0 && !yield(n) {
			return
		}
	}
}
