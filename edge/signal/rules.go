package signal

import "github.com/clickgate/clickgate/internal/click"

// missing finds what a browser would have sent.
//
// SignalMissingAccept, SignalMissingAcceptLanguage, SignalMissingAcceptEncoding
// are asked of everybody. Fetch has browsers send the first two with all
// requests (https://fetch.spec.whatwg.org/#concept-fetch), HTTP clients the
// third. False positives: filters of companies and virus scanners that take
// Accept-Encoding away to read answers; very few apps with an HTTP client of
// their own.
//
// SignalMissingSecFetch and SignalMissingClientHints are asked of browsers that
// send them since their version, over https only, as both are for trustworthy
// URLs (https://github.com/mdn/browser-compat-data, http/headers). False
// positives: web views that call themselves Chrome or Safari, Chromium builds
// without hints (Brave before 2022), privacy extensions, a user agent overridden
// in developer tools; a proxy that does not forward the headers.
func (r *Request) missing(b *browser) (s click.SignalSet) {
	m := r.Marks
	if !m.has(accept) {
		s = s.With(click.SignalMissingAccept)
	}
	if !m.has(acceptLanguage) {
		s = s.With(click.SignalMissingAcceptLanguage)
	}
	if !m.has(acceptEncoding) {
		s = s.With(click.SignalMissingAcceptEncoding)
	}
	if r.HTTPS && b.fetch && !m.any(fetchSite|fetchDest|navigates|scripted|opaque) {
		s = s.With(click.SignalMissingSecFetch)
	}
	if r.HTTPS && b.hints && !r.Hints.Sent() {
		s = s.With(click.SignalMissingClientHints)
	}
	return s
}

// odd finds what a browser would have sent otherwise.
//
// SignalOldHTTP: every browser has spoken HTTP/1.1 since 1999. Proxies do not:
// HTTP/1.0 was nginx's default for most of its life (proxy_http_version), so it
// counts only where no proxy is known. False positives: a proxy that names
// neither itself nor the visitor; then addresses are wrong, too.
//
// SignalProgramHeader: From is for robots (RFC 9110, 10.1.2); browsers have
// stopped sending Accept-Charset
// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Accept-Charset);
// XMLHttpRequest is a script's. False positives: apps that add headers to the
// first request of a web view.
func (r *Request) odd(b *browser) (s click.SignalSet) {
	if b.engine == unknown {
		return s
	}
	direct := !r.Proxied && !r.Marks.has(forwarded)
	if direct && r.OldHTTP {
		s = s.With(click.SignalOldHTTP)
	}
	if direct && r.Marks.misordered(b.engine) {
		s = s.With(click.SignalHeaderOrder)
	}
	if r.Marks.has(program) && !r.Background {
		s = s.With(click.SignalProgramHeader)
	}
	return s
}

// misordered tells whether headers stand as the engine never sends them
// (click.SignalHeaderOrder). Only pairs count whose order is fixed in the source:
//
//   - Accept before Accept-Encoding. Chromium adds the latter last, in
//     URLRequestHttpJob::AddExtraHeaders (net/url_request/url_request_http_job.cc);
//     Firefox writes them so in nsHttpHandler::AddStandardRequestHeaders.
//   - Sec-Fetch-Site before Sec-Fetch-Dest in Chromium
//     (services/network/sec_header_helpers.cc), after it in Firefox
//     (dom/security/SecFetch.cpp). The alphabet, by which Go's and many scripts'
//     headers stand, agrees with Firefox.
//   - Accept-Language before Accept-Encoding in Firefox. In Chromium it moves
//     with the version.
//
// Safari's order differs between its versions and is not judged. Proxies sort
// (those in Go do) and rewrite Accept-Encoding (CDNs do), so a request that came
// through one is not judged either. False positives: apps that set such headers
// themselves, and proxies that hide.
func (m Marks) misordered(e engine) bool {
	switch e {
	case blink:
		return m.has(accept|encodingFirst) || m.has(fetchSite|destFirst)
	case gecko:
		return m.has(accept|encodingFirst) || m.has(languageLater) || m.has(fetchSite|fetchDest) && !m.has(destFirst)
	}
	return false
}

// notOpened finds that nobody opened a page, in a click that sends a visitor on.
//
// SignalFrameWithoutUser: a frame is navigated, and no gesture caused it. Ads
// run in frames, and a link that opens inside one is an honest click, but has
// Sec-Fetch-User; a frame that loads a tracking link by itself has not. It is
// weak, because ads also send their frame on by script, after a gesture that
// has expired. Safari does not send the header (https://webkit.org/b/247697).
//
// SignalAcceptWithoutHTML: who opens a page accepts HTML
// (https://developer.mozilla.org/docs/Web/HTTP/Guides/Content_negotiation/List_of_default_Accept_values).
// False positives: some apps' own loaders.
func (r *Request) notOpened(b *browser) (s click.SignalSet) {
	m := r.Marks
	if m.has(frame) && !m.has(fetchUser) && (b.engine == blink || b.engine == gecko) {
		s = s.With(click.SignalFrameWithoutUser)
	}
	if b.engine != unknown && m.has(accept) && !m.has(acceptsHTML) && !r.Background {
		s = s.With(click.SignalAcceptWithoutHTML)
	}
	return s
}

// notFollowed tells whether Sec-Fetch-* contradict a link that was followed
// (click.SignalSecFetchContradiction): they are those of an image, a script or
// data (https://w3c.github.io/webappsec-fetch-metadata/). Scripts cannot set
// them. This is how cookies are stuffed.
//
// A script that asks for JSON may read the answer, so its mode is not no-cors;
// without this a stuffed image would be excused by json=1. A background call is
// a script's in any mode, but no image.
//
// False positives: none known among browsers. A link saved to disk looks like
// data, but is no visit. Older values (Chrome's nested-navigate) and those to
// come tell nothing.
func (r *Request) notFollowed() bool {
	m := r.Marks
	switch {
	case m.has(part):
		return true
	case r.Background:
		return false
	case m.has(opaque):
		return true
	}
	return !r.API && (m.has(scripted) || m.has(data) && !m.has(navigates))
}
