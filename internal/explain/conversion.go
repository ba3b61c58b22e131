package explain

// Conversion is what the report of a conversion or event has beside the steps
// that it shares with clicks.
type Conversion struct {
	// Endpoint is conversion, pixel or pixel_page.
	Endpoint string `json:"endpoint,omitempty"`
	// Known says, of one in the event log, what its request is known from.
	Known string `json:"known,omitempty"`
	// Authentication are the checks of who sent it.
	Authentication []Rule `json:"authentication,omitempty"`
	// Attribution is how its click was looked for; nil where it came to none.
	Attribution *Attribution `json:"attribution,omitempty"`
	// Event is the offer's event, or the initial conversion.
	Event []Value `json:"event,omitempty"`
	// Duplicates are what it must not share with another.
	Duplicates []Rule `json:"duplicates,omitempty"`
	// Status are the steps that settle its status, in the order of D-20: one
	// that does not fit gives the status that it names as its reason.
	Status []Rule `json:"status,omitempty"`
	// Changes are the conversions recorded before that the request is about,
	// with what it would do to each.
	Changes []Value `json:"changes,omitempty"`
	// Answer is what the sender would get; nil where nobody is answered, or it
	// depends on a click store that is not within reach.
	Answer *Answer `json:"answer,omitempty"`
	// Differences are where the row in the event log says something else than
	// this report.
	Differences []Difference `json:"differences,omitempty"`
}

// What Attribution.Outcome says.
const (
	Found     = "found"
	NotFound  = "not_found"
	NoAnswer  = "no_answer" // from the click store, within its time
	NotAsked  = "not_asked" // there is no click store within reach
	BadClick  = "refused"   // the request names no click that may be looked for
	OtherSide = "foreign"   // the click is of another integration
)

// Attribution is how the click of a conversion was looked for (R-27, R-28, R-48,
//
type Attribution struct {
	// Evidence is what it was looked for by.
	Evidence []Value `json:"evidence,omitempty"`
	// Outcome is one of the words above, Detail a sentence about it.
	Outcome string `json:"outcome"`
	Detail  string `json:"detail,omitempty"`
	// Click is the click, where it was found.
	Click []Value `json:"click,omitempty"`
	// Windows are the conditions under which it earns the conversion.
	Windows []Rule `json:"windows,omitempty"`
}

// Answer is what the sender of a request gets.
type Answer struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Body        string `json:"body"`
}

// Difference is a field of a row that would be another one now.
type Difference struct {
	Field string `json:"field"`
	// Recorded is what the row in the event log says, Now what it would say; as
	// JSON, empty for nothing.
	Recorded string `json:"recorded"`
	Now      string `json:"now"`
}
