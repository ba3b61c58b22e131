// Package script serves /cg.js, the file that pages of advertisers include,
// and lets those pages read the answers to what it asks.
//
//	<script>window.cg=window.cg||function(){(cg.q=cg.q||[]).push(arguments)}</script>
//	<script async src="https://trk.example/cg.js"></script>
//	<script>
//	  cg('click', {offer_id: 1, publisher_id: 7, sub_id: 'a'});   // where visitors arrive
//	  cg('conversion', {event: 'sale', purchase_value: 49.9, currency: 'EUR',
//	                    external_transaction_id: 'order 4711'}, console.log);
//	</script>
//
// Loaded as /i/{id}/cg.js it speaks to that integration. A page may call cg
// before the file is there, and may hold it twice. The commands, each with
// values and a callback that may be left out:
//
//   - click records a click without a redirect. When the page's address
//     carries an id (click_id, tx_id or transaction_id: 32 hexadecimal digits)
//     a redirect has recorded the click, and that id is kept instead. Values
//     are the parameters of a link.
//   - conversion waits for a click that is under way, at most "wait"
//     milliseconds, and reports a conversion with the id that was kept. Values
//     are the parameters of a postback; a transaction_id among them goes before
//     the kept one. Give the order's number as external_transaction_id, or each
//     reload of the page is a conversion of its own: without one, the script
//     makes one up.
//   - get gives the callback the id, or "" when there is none.
//   - config sets options: max_age (seconds that the id is kept, 30 days),
//     domain (of the cookie), store (false keeps nothing and forgets what was
//     kept), wait (3000), param (the name of the id, where an integration's
//     mapping wants another than transaction_id), url (of the tracking domain,
//     where the file is served from elsewhere).
//
// Callbacks get the data of the edge's answer: status, transaction_id, reason.
// The script's own statuses are "known" (a click that the address tells),
// "sent" (nobody can tell what the edge said) and "failed". With cg.debug = true
// the console shows what happens; nothing is ever thrown into the page.
//
// The id is kept first-party, in the cookie cg_tx and in local storage; where
// both are blocked it lasts as long as the page. A conversion goes by fetch and
// once more after a second when nothing came back or the edge is unwell. Where
// fetch is missing, forbidden or fails it goes by beacon or image, whichever
// fits. All ways carry the same external_transaction_id, so that it counts once
//
//
// js_check_data, sent with both, is a JSON object: timezone ("Europe/Berlin"),
// languages (at most five, "de-DE,en"), webdriver (true under automation),
// screen ("1920x1080@2": size and pixel ratio), touch (greatest number of touch
// points). What a browser hides is absent. Nothing else about the browser is
// looked at.
package script

import (
	"bytes"
	_ "embed"
)

//go:embed cg.js
var source []byte

// lean is JavaScript without lines of comment, empty lines and indentation. It
// is meant for our own file, where no string and no comment goes over two lines.
func lean(js []byte) []byte {
	var out []byte
	for line := range bytes.Lines(js) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || bytes.HasPrefix(line, []byte("//")) {
			continue
		}
		out = append(append(out, line...), '\n')
	}
	return out
}
