package config

// ValidateChange checks a set that differs from the valid set base in the
// documents changed only, and returns the mistakes that the change makes.
func (s *Set) ValidateChange(base *Set, changed []Key, checks Checks) Problems {
	return s.Validate(checks)
}
