package match

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/postback/call"
	"github.com/clickgate/clickgate/postback/macro"
)

// known names a rule by its document, which is never changed, and what in it
// asks for calls.
type known struct {
	document config.Document
	source   call.Source
}

// compiler makes rules of a set.
type compiler struct {
	rules  *Rules
	before map[known]*rule
}

// Compile makes the rules of a set. Documents that before, which may be nil,
// was made of are not compiled again. A document that cannot be used is left
// out and told by Problems.
func Compile(set *config.Set, before *Rules) *Rules {
	c := &compiler{rules: &Rules{
		set:       set,
		managers:  map[managerKey][]*rule{},
		postbacks: map[postbackKey][]*rule{},
		syncs:     map[string]*rule{},
		forwards:  map[string]*rule{},
		parallels: map[string]*rule{},
		wants:     map[events.Kind]bool{},
		known:     map[known]*rule{},
	}}
	if before != nil {
		c.before = before.known
	}
	for d := range set.PostbackManagers() {
		c.manager(d)
	}
	for d := range set.OfKind(config.KindPublisherPostback) {
		c.postback(d.(*config.PublisherPostback))
	}
	for d := range set.Integrations() {
		c.sync(d)
	}
	for d := range set.Offers() {
		c.offer(d)
	}
	return c.rules
}

// add returns the rule of a document and source, made now or known from before;
// nil when it cannot be made.
func (c *compiler) add(d config.Document, source call.Source, make func() (*rule, error)) *rule {
	id := known{d, source}
	r := c.before[id]
	if r == nil {
		var err error
		if r, err = make(); err != nil {
			c.rules.problems = append(c.rules.problems, Problem{d.Key(), err})
			return nil
		}
	}
	c.rules.known[id] = r
	return r
}

func (c *compiler) manager(d *config.PostbackManager) {
	if !d.Active {
		return
	}
	kind, err := events.ParseKind(d.ServiceType)
	if err != nil {
		c.rules.problems = append(c.rules.problems, Problem{d.Key(), err})
		return
	}
	r := c.add(d, call.Manager, func() (*rule, error) { return managerRule(d) })
	if r == nil {
		return
	}
	key := managerKey{d.Integration, d.ServiceType, d.Filters.PublisherID, d.Filters.OfferID}
	c.rules.managers[key] = append(c.rules.managers[key], r)
	c.rules.wants[kind] = true
}

func managerRule(d *config.PostbackManager) (*rule, error) {
	form := call.Form{URL: d.URL, Method: d.Method, Headers: d.Headers, Body: d.Body}
	if d.CreatedByPublisher {
		form.Use = macro.ForPublisher
	}
	t, err := call.Compile(form)
	if err != nil {
		return nil, err
	}
	unit := map[string]time.Duration{"Minute": time.Minute, "Hour": time.Hour}[d.DelayMetric]
	return &rule{
		source: call.Manager, owner: d.ID, template: t, byPublisher: d.CreatedByPublisher,
		delay: time.Duration(d.DelayValue) * max(unit, time.Second),
		when:  whenManager(d, t.TellsStatus()),
	}, nil
}

func (c *compiler) postback(d *config.PublisherPostback) {
	if !d.Active {
		return
	}
	r := c.add(d, call.Publisher, func() (*rule, error) { return postbackRule(d) })
	if r == nil {
		return
	}
	key := postbackKey{d.PublisherIncrementalID, d.OfferIncrementalID}
	c.rules.postbacks[key] = append(c.rules.postbacks[key], r)
}

func postbackRule(d *config.PublisherPostback) (*rule, error) {
	// Whoever made it, it is the publisher who is told.
	t, err := call.Compile(call.Form{URL: d.URL, Method: d.Method, Use: macro.ForPublisher})
	if err != nil {
		return nil, err
	}
	return &rule{source: call.Publisher, owner: d.ID, template: t, byPublisher: d.CreatedByPublisher, when: whenPostback(d)}, nil
}

// syncParameters are what the platform behind is told when the URL of its API
// has no macros.
const syncParameters = "transaction_id={click_id}&external_transaction_id={external_transaction_id}&event={event_id}" +
	"&status={status}&rejection_reason={rejection_reason}&payout={payout}&revenue={revenue}&purchase_value={purchase_value}"

func (c *compiler) sync(d *config.Integration) {
	if !d.ConversionThirdPartySyncEnabled || d.AccountAPIURL == "" {
		return
	}
	if r := c.add(d, call.Sync, func() (*rule, error) { return syncRule(d) }); r != nil {
		c.rules.syncs[d.ID] = r
	}
}

func syncRule(d *config.Integration) (*rule, error) {
	t, err := call.Compile(call.Form{URL: syncURL(d.AccountAPIURL), Use: macro.ForPlatform})
	if err != nil {
		return nil, err
	}
	return &rule{source: call.Sync, owner: d.ID, template: t, accountKey: d.AccountKey, when: whenSync(d)}, nil
}

// syncURL adds the usual parameters to a URL that has no macros.
func syncURL(raw string) string {
	url, _, _ := strings.Cut(raw, "#")
	switch {
	case strings.Contains(url, "{"):
		return url
	case !strings.Contains(url, "?"):
		return url + "?" + syncParameters
	case strings.HasSuffix(url, "?") || strings.HasSuffix(url, "&"):
		return url + syncParameters
	}
	return url + "&" + syncParameters
}

func (c *compiler) offer(d *config.Offer) {
	side := func(on bool, url string, source call.Source, kind events.Kind, rules map[string]*rule) {
		if !on || url == "" {
			return
		}
		if r := c.add(d, source, func() (*rule, error) { return offerRule(d, source, url) }); r != nil {
			rules[d.ID] = r
			c.rules.wants[kind] = true
		}
	}
	side(d.ImpressionForwardingEnabled, d.ImpressionForwardingURL, call.Forwarding, events.Impression, c.rules.forwards)
	side(d.ParallelTrackingEnabled, d.ParallelTrackingURL, call.Parallel, events.Click, c.rules.parallels)
}

func offerRule(d *config.Offer, source call.Source, url string) (*rule, error) {
	t, err := call.Compile(call.Form{URL: url})
	return &rule{source: source, owner: d.ID, template: t, when: whenPassed}, err
}

// Managers are the ids of the postback managers that an event fires, sorted, as
// its row names them (postback_manager_ids).
func (r *Rules) Managers(row events.Row) []string {
	e, ok := r.eventOf(row)
	if !ok {
		return nil
	}
	ids := map[string]bool{}
	for _, h := range r.hits(e) {
		if h.rule.source == call.Manager {
			ids[h.rule.owner] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}
