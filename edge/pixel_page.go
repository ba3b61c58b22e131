package edge

import (
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// pixelPages are the markup that a conversion's page carries, by the number of
// the publisher (A26.7).
type pixelPages map[string]string

func newPixelPages(docs []*config.PublisherPixel) pixelPages {
	var pages pixelPages
	for _, doc := range docs {
		if !doc.Shown() {
			continue
		}
		if pages == nil {
			pages = pixelPages{}
		}
		pages[decimal(doc.PublisherIncrementalID)] += doc.Code + "\n"
	}
	return pages
}

const (
	pageStart = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title></title></head><body>\n"
	pageEnd   = "</body></html>\n"
)

// answerPixelPage answers with the page of an iframe. It carries the
// publisher's approved pixels when the conversion is its, new and not rejected,
// and nothing otherwise.
func (v *visit) answerPixelPage(r result) {
	var b strings.Builder
	b.WriteString(pageStart)
	if r.Refused == nil && !r.Processing && !r.Duplicate && (r.Status == click.Approved || r.Status == click.Hold) {
		b.WriteString(r.Pixels)
	}
	b.WriteString(pageEnd)
	v.ctx.SetContentType("text/html; charset=utf-8")
	v.ctx.SetBodyString(b.String())
}
