// Package redirect knows where visitors are sent and how: URL templates with
// macros, the request values that travel with them, URLs
// that links choose themselves, and the techniques of sending a
// browser on.
//
// Two things hold for every destination, whatever a visitor sends: it lies on
// the host that the operator wrote or allowed, and it has no byte that could
// end a header or leave an HTML attribute.
package redirect

// MaxURL bounds destinations in bytes: templates, and expanded URLs as far as
// appended parameters go. Browsers and proxies in between take 8 KiB of header.
const MaxURL = 8 << 10
