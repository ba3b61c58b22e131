package config

// PostbackManager calls a URL for some traffic (A19, R-61 to R-66).
type PostbackManager struct {
	Meta
	Integration string `json:"integration" doc:"Opaque id of the integration"`
	Name        string `json:"name" doc:"Display name"`
	// ServiceType is the traffic that fires it.
	ServiceType string `json:"service_type" enum:"click,impression,conversion,event" doc:"Traffic that fires it"`
	// URL is the target, with macros.
	URL string `json:"url" doc:"URL that is called, with macros"`
	// Method is GET when empty.
	Method  string              `json:"method,omitempty" enum:"GET,POST,PUT,DELETE,PATCH" default:"GET" doc:"Method of the call"`
	Headers map[string][]string `json:"headers,omitempty" doc:"Headers of the call, by name"`
	// Body may hold macros.
	Body   string `json:"body,omitempty" doc:"Body of the call, with macros"`
	Active bool   `json:"active,omitempty" doc:"The postback is sent"`
	// DelayValue is how many of DelayMetric, Second when empty, it waits.
	DelayValue  int64           `json:"delay_value,omitempty" minimum:"0" doc:"How many of delay_metric the call waits"`
	DelayMetric string          `json:"delay_metric,omitempty" enum:"Second,Minute,Hour" default:"Second" doc:"Unit of delay_value"`
	Filters     PostbackFilters `json:"filters,omitzero" doc:"Traffic it is for; an empty field is all"`
	// CreatedByPublisher tells that a publisher made it for its own traffic,
	// which Filters.PublisherID names. It needs PostbackManagerEnabled of the
	// publisher.
	CreatedByPublisher bool `json:"created_by_publisher,omitempty" doc:"A publisher made it for its own traffic"`
}

// Key implements Document.
func (d *PostbackManager) Key() Key { return Key{KindPostbackManager, d.ID} }

// PostbackFilters narrow a postback manager; an empty field matches anything.
type PostbackFilters struct {
	// OfferID, PublisherID and EventID are opaque or incremental ids.
	OfferID     string `json:"offer_id,omitempty" doc:"Opaque or incremental id of the offer"`
	PublisherID string `json:"publisher_id,omitempty" doc:"Opaque or incremental id of the publisher"`
	EventID     string `json:"event_id,omitempty" doc:"Opaque or incremental id of the event"`
	// FilterStatus is the verdict it fires for; empty is Any. Pending holds for
	// whatever waits: Pending, Hold and Pending_Cap.
	FilterStatus string `json:"filter_status,omitempty" enum:"Any,Approved,Rejected,Pending" doc:"Verdict it fires for; Pending is all that waits"`
	// Statuses narrow FilterStatus to exact statuses; empty is each of them.
	Statuses []string `json:"statuses,omitempty" enum:"Approved,Rejected,Pending,Hold,Not_Found,Pending_Cap" doc:"Exact statuses of conversions and events that it fires for, beside filter_status; empty is each"`
	// RejectionReasons are reason codes such as BOT.
	RejectionReasons []string `json:"rejection_reasons,omitempty" doc:"Reason codes such as BOT that it fires for"`
}
