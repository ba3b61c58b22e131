// Package outgoing holds what operators ask workers about outgoing calls, and
// what they are told: how the call of a document looks and what came of sending
// it, and the calls that were given up (dead letters). Workers answer, the
// control API and the command line show it; it is data only and imports nothing
// of clickgate.
package outgoing

import "time"

// Task is what a question is about.
type Task string

// The tasks.
const (
	TaskTest    Task = "test"     // Question.Test
	TaskList    Task = "list"     // dead letters: Before and Limit
	TaskShow    Task = "show"     // one: Letter
	TaskFire    Task = "fire"     // send one again: Letter
	TaskFireAll Task = "fire_all" // send again all that died before Before
	TaskDiscard Task = "discard"  // remove one: Letter
	TaskStats   Task = "stats"
)

// Question is what a worker is asked.
type Question struct {
	Task Task `json:"task"`
	Test Test `json:"test,omitzero"`
	// Letter is the id of a dead letter.
	Letter string `json:"letter,omitempty"`
	// Before is the id of a dead letter: those that died earlier are meant. Empty
	// is all. It need not be one of the worker's own.
	Before string `json:"before,omitempty"`
	// Limit is how many are listed, 1 to MaxLetters.
	Limit int `json:"limit,omitempty"`
}

// MaxLetters is how many dead letters one answer lists at most.
const MaxLetters = 100

// Answer is what a worker says. Where Err is not nil it says no more.
type Answer struct {
	Node    string       `json:"node"`
	Report  *TestReport  `json:"report,omitempty"`
	Letters []DeadLetter `json:"letters,omitempty"`
	Stats   *Stats       `json:"stats,omitempty"`
	// Fired is how many were put back into their lines. Next is where to go on,
	// empty when none is left.
	Fired int    `json:"fired,omitempty"`
	Next  string `json:"next,omitempty"`

	Refusal Refusal `json:"refusal,omitempty"`
	Error   string  `json:"error,omitempty"`
}

// Header are the lines of a call's header, by name.
type Header map[string][]string

// DeadLetter is a call that was given up. In a list Header and Body are left out,
// and a long URL is cut.
type DeadLetter struct {
	// ID is 48 hex digits. Later ones of any worker are greater.
	ID string `json:"id" doc:"Id of the dead letter; later ones are greater"`
	// Node is the worker that keeps it.
	Node   string    `json:"node,omitempty" doc:"Worker that keeps it"`
	DiedAt time.Time `json:"died_at" doc:"When it was given up"`
	// Source is what asked for the call, Owner the id of that document.
	Source         string `json:"source" doc:"What asked for the call: postback_manager, publisher_postback, third_party_sync, impression_forwarding or parallel_tracking"`
	Owner          string `json:"source_id" doc:"Opaque id of the document that asked for it"`
	TxID           string `json:"tx_id" doc:"The event that the call is about"`
	ServiceType    string `json:"service_type" doc:"Sort of that event: click, impression, conversion or event"`
	Status         string `json:"status" doc:"Status of that event"`
	IntegrationID  string `json:"integration_id" doc:"Opaque id of the integration"`
	OrganizationID string `json:"organization_id" doc:"The organization"`
	OfferID        string `json:"offer_id" doc:"Number of the offer"`
	Publisher      string `json:"publisher" doc:"Name of the publisher"`
	// IdempotencyKey is the same in every attempt.
	IdempotencyKey string    `json:"idempotency_key" doc:"The same in every attempt"`
	CreatedAt      time.Time `json:"create_time" doc:"When the event asked for the call"`
	Method         string    `json:"method" doc:"Method of the call"`
	// URL, Header, Body and the last two hold no secrets.
	URL        string `json:"url" doc:"URL of the call, secrets masked"`
	Header     Header `json:"headers,omitempty" doc:"Headers of the call, keys masked; not in lists"`
	Body       string `json:"body,omitempty" doc:"Body of the call; not in lists"`
	Attempts   int    `json:"attempts" doc:"How often it was sent"`
	LastStatus int    `json:"last_status" doc:"Status of the last answer; 0 where there was none"`
	LastError  string `json:"last_error" doc:"Why the last attempt failed"`
}

// Page is a part of all workers' dead letters, those that died last first.
type Page struct {
	Letters []DeadLetter
	// Next is what to list on from; empty at the end.
	Next string
	// Missing names the workers that did not answer: theirs are not among the
	// letters.
	Missing []string
}

// Stats are what one worker's queue of calls holds and did since it started.
type Stats struct {
	Node string `json:"node"`
	// Waiting are the calls that wait, Flying those under way.
	Waiting int64 `json:"waiting"`
	Flying  int64 `json:"flying"`
	// LateSeconds is how long the oldest call that is due has been due.
	LateSeconds float64 `json:"late_seconds"`
	// BlockedHosts are left alone for a while because they failed.
	BlockedHosts int64 `json:"blocked_hosts"`
	DeadLetters  int64 `json:"dead_letters"`
	// Dropped calls of clicks and impressions found the queue full, GivenUp were
	// due for too long, Forgotten are dead letters that were too old or too many.
	Dropped   uint64 `json:"dropped"`
	GivenUp   uint64 `json:"given_up"`
	Forgotten uint64 `json:"forgotten"`
}
