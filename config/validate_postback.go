package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	serviceTypes     = []string{"click", "impression", "conversion", "event"}
	postbackMethods  = []string{"GET", "POST", "PUT", "DELETE", "PATCH"}
	delayMetrics     = []string{"Second", "Minute", "Hour"}
	postbackVerdicts = []string{"Any", "Approved", "Rejected", "Pending"}
	// exactStatuses are those of click.Status.
	exactStatuses = []string{"Approved", "Rejected", "Pending", "Hold", "Not_Found", "Pending_Cap"}
	// sendersHeaders are set by whoever sends the request.
	sendersHeaders = []string{"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "idempotency-key"}
)

// longestDelay is 30 days, in seconds.
const longestDelay = 30 * 24 * 3600

func (v *validator) postbackManager(d *PostbackManager) {
	use := forNetwork
	if d.CreatedByPublisher {
		use = forPublisher
	}
	v.parent("integration", KindIntegration, d.Integration)
	v.required("name", d.Name)
	v.required("service_type", d.ServiceType)
	v.oneOf("service_type", d.ServiceType, serviceTypes)
	v.required("url", d.URL)
	v.postbackURL("url", d.URL, use)
	v.oneOf("method", d.Method, postbackMethods)
	v.headers(d.Headers, use)
	v.postbackBody("body", d.Body, use)
	v.oneOf("delay_metric", d.DelayMetric, delayMetrics)
	v.delay(d)
	v.within("filters", func() { v.postbackFilters(d) })
}

func (v *validator) postbackFilters(d *PostbackManager) {
	f := &d.Filters
	if d.CreatedByPublisher && f.PublisherID == "" {
		v.fail("publisher_id", "missing; what a publisher made is for its own traffic")
	}
	v.oneOf("filter_status", f.FilterStatus, postbackVerdicts)
	v.list("statuses", f.Statuses, func(status string) error { return checkOneOf(status, exactStatuses) })
	if len(f.Statuses) > 0 {
		if f.FilterStatus != "" && f.FilterStatus != "Any" {
			v.fail("filter_status", "must be Any or left out where statuses are given, found %q", shorten(f.FilterStatus))
		}
		if d.ServiceType == "click" || d.ServiceType == "impression" {
			v.fail("statuses", "must be empty: a %s has a verdict only, see filter_status", d.ServiceType)
		}
	}
	v.list("rejection_reasons", f.RejectionReasons, func(reason string) error {
		if !isCode(reason) {
			return fmt.Errorf("must be a reason code such as BOT, found %q", shorten(reason))
		}
		return nil
	})
}

func (v *validator) delay(d *PostbackManager) {
	unit := map[string]int64{"": 1, "Second": 1, "Minute": 60, "Hour": 3600}[d.DelayMetric]
	switch {
	case d.DelayValue < 0:
		v.fail("delay_value", "must not be negative, found %d", d.DelayValue)
	case unit > 0 && d.DelayValue > longestDelay/unit:
		v.fail("delay_value", "must be at most 30 days, found %d %ss", d.DelayValue, strings.ToLower(cmp.Or(d.DelayMetric, "Second")))
	}
}

// headers checks names and values of request headers (RFC 9110, section 5).
func (v *validator) headers(headers map[string][]string, use postbackUse) {
	keysOf(v, "headers", headers, func(name string) error {
		if !madeOf(name, 1, 100, isTokenByte) {
			return fmt.Errorf("must be the name of a header such as X-Token, found %q", shorten(name))
		}
		if slices.Contains(sendersHeaders, strings.ToLower(name)) {
			return errors.New("the sender sets this header itself")
		}
		for _, value := range headers[name] {
			if err := checkHeader(value, use); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkHeader(value string, use postbackUse) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("a value must not hold control characters, found %q", shorten(value))
	}
	if len(value) > longestPostbackHeader {
		return fmt.Errorf("a value must have at most %d bytes, found %d", longestPostbackHeader, len(value))
	}
	return checkMacros(value, use)
}

func isTokenByte(c byte) bool {
	return isLetter(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
