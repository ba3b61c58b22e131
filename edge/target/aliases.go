package target

// What operators call things, folded, and what clicks carry.
var (
	typeAliases = map[string]string{
		"connected tv": "tv",
		"desktop":      "computer",
		"laptop":       "computer",
		"mobile":       "phone", // not tablets: they have a type of their own
		"pc":           "computer",
		"smart tv":     "tv",
		"smartphone":   "phone",
	}
	countryAliases = map[string]string{
		"el": "gr",
		"uk": "gb",
	}
)

// aliased returns what replaces an alias by what it stands for.
func aliased(aliases map[string]string) func(string) string {
	return func(name string) string {
		if alias, ok := aliases[name]; ok {
			return alias
		}
		return name
	}
}

// asWritten is for names that have no aliases.
func asWritten(name string) string { return name }

// deviceTypes are the values of click.Device.Type, folded.
var deviceTypes = map[string]bool{
	"phone": true, "tablet": true, "computer": true, "tv": true, "bot": true, "other": true,
}
