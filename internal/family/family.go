// Package family holds what is known of the names and versions of browsers and
// systems: what operators call them, which variants a rule on a family covers,
// and which of two versions is older. Filters and targeting share it, so that
// "Chrome" means the same in both.
//
// A rule on a family covers the variants that the parsing of user agents tells
// apart: "Chrome" is also Chrome on phones, on iOS and in apps' web views,
// because that is what an operator means who picks Chrome from a list. A rule
// on the variant's own name wins, so {"Chrome": true, "Chrome Mobile WebView":
// false} keeps web views out.
//
// Brave, Vivaldi, Coc Coc and Avast Secure Browser are variants of Chrome: their
// user agents say no more than Chrome, and only client hints tell them apart. A
// rule must not come out otherwise because a browser was asked for hints. Other
// browsers on the same engine (Edge, Opera, Samsung Internet) say in the user
// agent who they are, and so does DuckDuckGo; they are no variants.
package family

// Names are the names of one sort of thing, all folded to lower case. They are
// read only.
type Names struct {
	aliases  map[string]string
	variants map[string]variant
}

// variant is what is known of a family's variant.
type variant struct {
	family string
	// ownVersions: its version numbers are not those of the family.
	ownVersions bool
}

// Browsers are the names of browsers.
var Browsers = Names{
	aliases: map[string]string{
		"google chrome":     "chrome",
		"internet explorer": "ie",
		"microsoft edge":    "edge",
		"mozilla firefox":   "firefox",
		"msie":              "ie",
		"yandex":            "yandex browser",
	},
	variants: map[string]variant{
		"chrome mobile":              {family: "chrome"},
		"chrome mobile ios":          {family: "chrome"},
		"chrome mobile webview":      {family: "chrome"},
		"edge mobile":                {family: "edge"},
		"firefox ios":                {family: "firefox"},
		"firefox mobile":             {family: "firefox"},
		"ie mobile":                  {family: "ie"},
		"mobile safari":              {family: "safari"},
		"mobile safari ui/wkwebview": {family: "safari"},
		"opera mini":                 {family: "opera", ownVersions: true},
		"opera mobile":               {family: "opera"},
		"opera tablet":               {family: "opera"},
		"yandex mobile":              {family: "yandex browser"},

		// In hints most of them carry Chromium's major version, in the user
		// agents that name them their own: Brave 1.40 is not Chrome 1.
		"avast secure browser": {family: "chrome", ownVersions: true},
		"brave":                {family: "chrome", ownVersions: true},
		"coc coc":              {family: "chrome", ownVersions: true},
		"vivaldi":              {family: "chrome", ownVersions: true},
	},
}

// Systems are the names of systems. Distributions are Linux, each with version
// numbers of its own. Android and Chrome OS are not, since nobody who says
// Linux means them.
var Systems = Names{
	aliases: map[string]string{
		"chromeos":  "chrome os",
		"iphone os": "ios",
		"mac":       "mac os x",
		"mac os":    "mac os x",
		"macos":     "mac os x",
		"os x":      "mac os x",
		"osx":       "mac os x",
	},
	variants: map[string]variant{
		"arch linux": {family: "linux", ownVersions: true},
		"centos":     {family: "linux", ownVersions: true},
		"debian":     {family: "linux", ownVersions: true},
		"fedora":     {family: "linux", ownVersions: true},
		"gentoo":     {family: "linux", ownVersions: true},
		"ipados":     {family: "ios"},
		"linux mint": {family: "linux", ownVersions: true},
		"mandriva":   {family: "linux", ownVersions: true},
		"red hat":    {family: "linux", ownVersions: true},
		"slackware":  {family: "linux", ownVersions: true},
		"suse":       {family: "linux", ownVersions: true},
		"ubuntu":     {family: "linux", ownVersions: true},
	},
}

// Canonical is what the parsing of user agents calls a folded name that an
// operator wrote: the name itself, unless it is an alias.
func (n *Names) Canonical(name string) string {
	if alias, ok := n.aliases[name]; ok {
		return alias
	}
	return name
}

// Of is the family that a folded name is a variant of, "" when it is none.
func (n *Names) Of(name []byte) string { return n.variants[string(name)].family }

// VersionsOf is the family that a folded name shares version numbers with, ""
// when there is none.
func (n *Names) VersionsOf(name []byte) string {
	v := n.variants[string(name)]
	if v.ownVersions {
		return ""
	}
	return v.family
}
