package config

// PostbackManager calls a URL for some traffic (A19, R-61 to R-66).
type PostbackManager struct {
	Meta
	Integration string `json:"integration"`
	Name        string `json:"name"`
	// ServiceType is the traffic that fires it.
	ServiceType string `json:"service_type" enum:"click,impression,conversion,event"`
	// URL is the target, with macros.
	URL string `json:"url"`
	// Method is GET when empty.
	Method  string              `json:"method,omitempty" enum:"GET,POST,PUT,DELETE,PATCH" default:"GET"`
	Headers map[string][]string `json:"headers,omitempty"`
	// Body may hold macros.
	Body   string `json:"body,omitempty"`
	Active bool   `json:"active,omitempty"`
	// DelayValue is how many of DelayMetric, Second when empty, it waits.
	DelayValue  int64           `json:"delay_value,omitempty" minimum:"0"`
	DelayMetric string          `json:"delay_metric,omitempty" enum:"Second,Minute,Hour" default:"Second"`
	Filters     PostbackFilters `json:"filters,omitzero"`
	// CreatedByPublisher tells that a publisher made it for itself.
	CreatedByPublisher bool `json:"created_by_publisher,omitempty"`
}

// Key implements Document.
func (d *PostbackManager) Key() Key { return Key{KindPostbackManager, d.ID} }

// PostbackFilters narrow a postback manager; an empty field matches anything.
type PostbackFilters struct {
	// OfferID, PublisherID and EventID are opaque or incremental ids.
	OfferID     string `json:"offer_id,omitempty"`
	PublisherID string `json:"publisher_id,omitempty"`
	EventID     string `json:"event_id,omitempty"`
	// FilterStatus is the verdict it fires for; empty is Any.
	FilterStatus string `json:"filter_status,omitempty" enum:"Any,Approved,Rejected,Pending"`
	// RejectionReasons are reason codes such as BOT.
	RejectionReasons []string `json:"rejection_reasons,omitempty"`
}
