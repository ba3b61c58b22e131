package signal

import "bytes"

// Marks are what a pass over a request's headers leaves for Find. The zero value
// is the start; call the method of each header that has one, in their order.
type Marks uint32

const (
	accept Marks = 1 << iota
	acceptLanguage
	acceptEncoding
	acceptsHTML
	fetchSite
	fetchDest
	fetchUser
	// navigates, scripted, opaque: Sec-Fetch-Mode of a document, of a script
	// that may read the answer, of anything that may not.
	navigates
	scripted
	opaque
	// part: Sec-Fetch-Dest of a part of a page; data: of what a script asks for.
	part
	data
	// frame: Sec-Fetch-Dest of a document in another.
	frame
	// encodingFirst: Accept-Encoding came before Accept; languageLater: before
	// Accept-Language; destFirst: Sec-Fetch-Dest before Sec-Fetch-Site.
	encodingFirst
	languageLater
	destFirst
	// forwarded: some proxy on the way has left its name.
	forwarded
	// program: a header that browsers do not send.
	program
)

func (m Marks) has(all Marks) bool { return m&all == all }
func (m Marks) any(of Marks) bool  { return m&of != 0 }

// maxAccept bounds how much of Accept is searched. Browsers name HTML first.
const maxAccept = 256

var html = []byte("text/html")

// Accept notes Accept. An empty one counts as none, here and below.
func (m *Marks) Accept(value []byte) {
	if len(value) == 0 {
		return
	}
	*m |= accept
	if bytes.HasPrefix(value, html) || bytes.Contains(value[:min(len(value), maxAccept)], html) {
		*m |= acceptsHTML
	}
}

// AcceptEncoding notes Accept-Encoding.
func (m *Marks) AcceptEncoding(value []byte) {
	if len(value) == 0 {
		return
	}
	if *m&accept == 0 {
		*m |= encodingFirst
	}
	*m |= acceptEncoding
}

// AcceptLanguage notes Accept-Language.
func (m *Marks) AcceptLanguage(value []byte) {
	if len(value) == 0 {
		return
	}
	if m.has(acceptEncoding) {
		*m |= languageLater
	}
	*m |= acceptLanguage
}

// FetchSite notes Sec-Fetch-Site.
func (m *Marks) FetchSite() { *m |= fetchSite }

// FetchUser notes Sec-Fetch-User.
func (m *Marks) FetchUser(value []byte) {
	if string(value) == "?1" {
		*m |= fetchUser
	}
}

// FetchMode notes Sec-Fetch-Mode. Other values tell nothing: those to come, and
// nested-navigate of Chrome 76 to 79.
func (m *Marks) FetchMode(value []byte) {
	switch string(value) {
	case "navigate":
		*m |= navigates
	case "cors", "same-origin", "websocket":
		*m |= scripted
	case "no-cors":
		*m |= opaque
	}
}

// FetchDest notes Sec-Fetch-Dest. The values are those of the Fetch standard
// (https://fetch.spec.whatwg.org/#concept-request-destination).
func (m *Marks) FetchDest(value []byte) {
	if *m&fetchSite == 0 {
		*m |= destFirst
	}
	*m |= fetchDest
	switch string(value) {
	case "document":
	case "iframe", "frame", "fencedframe", "embed", "object":
		*m |= frame
	case "empty":
		*m |= data
	case "image", "script", "style", "font", "audio", "video", "track", "manifest", "report", "xslt", "json",
		"worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet", "webidentity":
		*m |= part
	}
}

// RequestedWith notes X-Requested-With: scripts of pages say XMLHttpRequest in
// it, and Android's apps their name.
func (m *Marks) RequestedWith(value []byte) {
	if string(value) == "XMLHttpRequest" {
		*m |= program
	}
}

// Program notes a header that programs send and browsers do not (From,
// Accept-Charset).
func (m *Marks) Program() { *m |= program }

// Forwarded notes a header by which a proxy or CDN names itself or the visitor.
func (m *Marks) Forwarded() { *m |= forwarded }
