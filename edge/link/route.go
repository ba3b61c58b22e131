// Package link tells which link a request names: the integration by host and
// path (route.go), the parameters of its query (params.go), and entities by any
// of the ids that links carry (index.go).
package link

import (
	"cmp"
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
	Conversion // one, or a batch in a body
	Pixel      // a conversion that answers with an image
	PixelPage  // a conversion that answers with a page for an iframe
	Script     // the script that pages include
)

var endpoints = map[string]Endpoint{
	"/click":       Click,
	"/impression":  Impression,
	"/conversion":  Conversion,
	"/conversions": Conversion,
	"/pixel.gif":   Pixel,
	"/pixel":       PixelPage,
	"/cg.js":       Script,
}

// Router finds the integration that a host and path name: a custom domain
// first, else the host's first label, else /i/{id}/, else the default.
// T is the caller's compiled integration. A Router is read only once built.
type Router[T any] struct {
	domains map[string]domain[T]
	byID    map[string]place[T]
	// bases are the network's own tracking domains; a host label names an
	// integration only directly below one of them. Empty: below any domain.
	bases     []string
	defaultID string
}

// place is an integration where a label, its id or nothing leads to it.
type place[T any] struct {
	t T
	// more are the paths it has beside those of all.
	more map[string]Endpoint
}

func (p *place[T]) endpoint(path string) Endpoint {
	if e, ok := p.more[path]; ok {
		return e
	}
	return endpoints[path]
}

// domain is a host whose paths belong to integrations: several may share it
// with different paths.
type domain[T any] struct {
	paths map[string]owned[T]
	// owner is the integration when only one has the host.
	owner  T
	shared bool
}

type owned[T any] struct {
	t T
	e Endpoint
}

// NewRouter returns an empty Router. bases are lower-case domains without a
// leading dot; defaultID is the id of the default integration or empty.
func NewRouter[T any](bases []string, defaultID string) *Router[T] {
	return &Router[T]{
		domains:   map[string]domain[T]{},
		byID:      map[string]place[T]{},
		bases:     bases,
		defaultID: defaultID,
	}
}

// Add registers an integration by its id, with further paths of clicks and of
// conversions.
func (r *Router[T]) Add(id string, t T, clicks, conversions []string) {
	p := place[T]{t: t}
	if len(clicks)+len(conversions) > 0 {
		p.more = map[string]Endpoint{}
	}
	for _, path := range clicks {
		p.more[path] = Click
	}
	for _, path := range conversions {
		p.more[path] = Conversion
	}
	r.byID[id] = p
}

// The paths of a custom domain that names none.
const (
	defaultClickPath      = "/"
	defaultConversionPath = "/conversions"
)

// AddDomain registers an integration's custom domain. Empty paths are the
// defaults. Where several share a domain, one path cannot take the
// conversions of two: then it takes nobody's.
func (r *Router[T]) AddDomain(host, clickPath, conversionPath string, t T) {
	d, known := r.domains[host]
	if !known {
		d = domain[T]{paths: map[string]owned[T]{}, owner: t}
	}
	d.shared = known
	conversions := owned[T]{t, Conversion}
	conversionPath = cmp.Or(conversionPath, defaultConversionPath)
	if _, taken := d.paths[conversionPath]; taken {
		conversions.e = NoEndpoint
	}
	d.paths[conversionPath] = conversions
	d.paths[cmp.Or(clickPath, defaultClickPath)] = owned[T]{t, Click}
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
	p, ok := r.byLabel(host)
	if !ok {
		id, rest, found := cutIntegration(path)
		if !found {
			id, rest = r.defaultID, path
		}
		p, ok = r.byID[id]
		path = rest
	}
	return p.t, p.endpoint(path), ok
}

func (d domain[T]) route(path string) (T, Endpoint, bool) {
	if o, found := d.paths[path]; found {
		return o.t, o.e, true
	}
	if _, rest, found := cutIntegration(path); found {
		path = rest
	}
	// Only a host of one integration may use the common paths: on a shared
	// one they would not say whose click it is.
	return d.owner, endpoints[path], !d.shared
}

func (r *Router[T]) byLabel(host string) (p place[T], ok bool) {
	label, rest, found := strings.Cut(host, ".")
	if !found {
		return p, false
	}
	if len(r.bases) > 0 && !slices.Contains(r.bases, rest) {
		return p, false
	}
	p, ok = r.byID[label]
	return p, ok
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
