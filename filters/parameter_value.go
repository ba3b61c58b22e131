package filters

// valueCheck is what is asked of one parameter. A nil set is an empty list.
type valueCheck struct {
	valid, blocked map[string]struct{}
	rejectEmpty    bool
	// What is said of a value that is none of the valid ones, blocked, missing.
	notValid, isBlocked, isEmpty string
}

func newValueCheck(name string, s *parameterConfig) valueCheck {
	return valueCheck{
		valid: setOf(s.ValidValues), blocked: setOf(s.BlockedValues), rejectEmpty: s.RejectEmptyValue,
		notValid: name + ": not a valid value", isBlocked: name + ": blocked value", isEmpty: name + ": empty",
	}
}

// wrong says what is wrong with a value, or is empty.
func (v *valueCheck) wrong(value string) string {
	if value == "" {
		if v.rejectEmpty {
			return v.isEmpty
		}
		return ""
	}
	if _, blocked := v.blocked[value]; blocked {
		return v.isBlocked
	}
	if _, valid := v.valid[value]; v.valid != nil && !valid {
		return v.notValid
	}
	return ""
}
