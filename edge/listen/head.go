package listen

import "bytes"

// head is what the header lines say about the message around them.
type head struct {
	lengths, codings int // how often Content-Length and Transfer-Encoding came
	length, coding   []byte
	closes           bool // Connection holds close
	expects          bool // there is an Expect
}

// check applies RFC 9112, 6: a message has at most one length, and we can read
// it. fasthttp has refused most of this already; that it goes on doing so is
// not worth a smuggled request.
func (m *head) check() *Refusal {
	switch {
	case m.lengths > 0 && m.codings > 0:
		return twoLengths
	case m.lengths > 1, m.lengths == 1 && (len(m.length) == 0 || !all(m.length, isDigit)):
		return badLength
	case m.codings > 1, m.codings == 1 && !bytes.EqualFold(m.coding, []byte("chunked")):
		return badCoding
	}
	return nil
}

// chunked tells whether the body is chunked. Only for a checked head.
func (m *head) chunked() bool { return m.codings == 1 }

// readLines checks every header line for RFC 9112, 5, as far as fasthttp has not
// done so, and gathers a head. raw ends with the empty line; without headers it
// is empty.
func readLines(raw []byte) (m head, refusal *Refusal) {
	for lines := 0; len(raw) > 0; lines++ {
		end := bytes.IndexByte(raw, '\n')
		if end < 1 || raw[end-1] != '\r' {
			return m, bareLF
		}
		line := raw[:end-1]
		raw = raw[end+1:]
		if len(line) == 0 {
			break
		}
		if lines == maxHeaderLines {
			return m, tooManyLines
		}
		name, value, refusal := cutLine(line)
		if refusal != nil {
			return m, refusal
		}
		m.note(name, value)
	}
	return m, nil
}

// cutLine splits "name: value". fasthttp has checked the bytes of both, but
// takes spaces within a name for part of it, and joins folded lines.
func cutLine(line []byte) (name, value []byte, refusal *Refusal) {
	if line[0] == ' ' || line[0] == '\t' {
		return nil, nil, foldedLine
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 1 || bytes.IndexByte(line[:colon], ' ') >= 0 {
		return nil, nil, badName
	}
	return line[:colon], line[colon+1:], nil
}

// note remembers a line that says something about the message. The length of
// the name rules most lines out.
func (m *head) note(name, value []byte) {
	switch len(name) {
	case len("Expect"):
		m.expects = m.expects || bytes.EqualFold(name, []byte("Expect"))
	case len("Connection"):
		if bytes.EqualFold(name, []byte("Connection")) {
			m.closes = m.closes || hasToken(value, "close")
		}
	case len("Content-Length"):
		if bytes.EqualFold(name, []byte("Content-Length")) {
			m.lengths++
			m.length = bytes.Trim(value, " \t")
		}
	case len("Transfer-Encoding"):
		if bytes.EqualFold(name, []byte("Transfer-Encoding")) {
			m.codings++
			m.coding = bytes.Trim(value, " \t")
		}
	}
}

// hasToken tells whether a comma-separated list holds token, in any case.
func hasToken(list []byte, token string) bool {
	for more := true; more; {
		var element []byte
		element, list, more = bytes.Cut(list, []byte{','})
		if bytes.EqualFold(bytes.Trim(element, " \t"), []byte(token)) {
			return true
		}
	}
	return false
}
