// Package link tells which link a request names: the integration by host and
// path (route.go), the parameters of its query (params.go), and entities by any
// of the ids that links carry (index.go).
package link

import (
	"slices"
	"strings"
)

// Endpoint is what a path asks for.
type Endpoint uint8

// The endpoints of an integration.
const (
	NoEndpoint Endpoint = iota
	Click
	Impression
)

var endpoints = map[string]Endpoint{
	"/click":      Click,
	"/impression": Impression,
}

// Router finds the integration that a host and path name: a custom domain
// first, else the host's first label, else /i/{id}/, else the default.
// T is the caller's compiled integration. A Router is read only once built.
type Router[T any] struct {
	domains map[string]domain[T]
	byID    map[string]T
	// bases are the network's own tracking domains; a host label names an
	// integration only directly below one of them. Empty: below any domain.
	bases     []string
	defaultID string
}

// domain is a host whose paths belong to integrations: several may share it
// with different click paths.
type domain[T any] struct {
	clickPaths map[string]T
	// owner is the integration when only one has the host.
	owner  T
	shared bool
}

// NewRouter returns an empty Router. bases are lower-case domains without a
// leading dot; defaultID is the id of the default integration or empty.
func NewRouter[T any](bases []string, defaultID string) *Router[T] {
	return &Router[T]{
		domains:   map[string]domain[T]{},
		byID:      map[string]T{},
		bases:     bases,
		defaultID: defaultID,
	}
}

// Add registers an integration by its id.
func (r *Router[T]) Add(id string, t T) { r.byID[id] = t }

// AddDomain registers an integration's custom domain. clickPath is "/" when
// empty.
func (r *Router[T]) AddDomain(host, clickPath string, t T) {
	if clickPath == "" {
		clickPath = "/"
	}
	d, known := r.domains[host]
	if !known {
		d = domain[T]{clickPaths: map[string]T{}, owner: t}
	}
	d.shared = known
	d.clickPaths[clickPath] = t
	r.domains[host] = d
}

// Owns tells whether host (lower case, no port) is one of the network's own:
// a custom domain, a base domain or a host below one.
func (r *Router[T]) Owns(host string) bool {
	if _, ok := r.domains[host]; ok {
		return true
	}
	for _, base := range r.bases {
		if host == base || isBelow(host, base) {
			return true
		}
	}
	return false
}

// Route returns the integration and the endpoint that host (lower case, no
// port) and path name. ok is false when no integration is named; NoEndpoint
// with ok means that the integration has nothing at that path.
func (r *Router[T]) Route(host, path string) (t T, e Endpoint, ok bool) {
	if d, found := r.domains[host]; found {
		return d.route(path)
	}
	if t, ok = r.byLabel(host); ok {
		return t, endpoints[path], true
	}
	if id, rest, found := cutIntegration(path); found {
		t, ok = r.byID[id]
		return t, endpoints[rest], ok
	}
	t, ok = r.byID[r.defaultID]
	return t, endpoints[path], ok
}

func (d domain[T]) route(path string) (T, Endpoint, bool) {
	if t, found := d.clickPaths[path]; found {
		return t, Click, true
	}
	if _, rest, found := cutIntegration(path); found {
		path = rest
	}
	// Only a host of one integration may use the common paths: on a shared
	// one they would not say whose click it is.
	return d.owner, endpoints[path], !d.shared
}

func (r *Router[T]) byLabel(host string) (t T, ok bool) {
	label, rest, found := strings.Cut(host, ".")
	if !found {
		return t, false
	}
	if len(r.bases) > 0 && !slices.Contains(r.bases, rest) {
		return t, false
	}
	t, ok = r.byID[label]
	return t, ok
}

// cutIntegration splits "/i/{id}/click" into "{id}" and "/click".
func cutIntegration(path string) (id, rest string, ok bool) {
	tail, ok := strings.CutPrefix(path, "/i/")
	if !ok {
		return "", "", false
	}
	slash := strings.IndexByte(tail, '/')
	if slash < 0 {
		return "", "", false
	}
	return tail[:slash], tail[slash:], true
}

func isBelow(host, base string) bool {
	return len(host) > len(base) && strings.HasSuffix(host, base) && host[len(host)-len(base)-1] == '.'
}
