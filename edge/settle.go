package edge

import (
	"github.com/clickgate/clickgate/edge/redirect"
	"github.com/clickgate/clickgate/internal/click"
)

// settle decides where the visitor goes and what the click earns. v.url is
// empty when there is nowhere to go.
func (v *visit) settle() {
	verdict := &v.click.Verdict
	if v.passes() && !v.toTarget() {
		v.broken = true
		verdict.Reject(click.NoTarget, "")
	}
	if !v.passes() {
		verdict.Blocked = true
		v.toFallback()
	}
	if v.in.doc.ClicksConfig.SecureRedirectURLEnabled {
		v.url = redirect.Secure(v.url)
	}
	v.earn()
}

// passes tells whether the visitor is let through to the offer: approved, or
// rejected in monitoring mode.
func (v *visit) passes() bool {
	verdict := &v.click.Verdict
	return !verdict.Rejected() || verdict.Monitoring && !v.broken
}

// toTarget sends an approved visitor on: by the link's own redirect_url
// where the offer allows deep links, to the target of the payment item
// that the click is for (A26.2), to the landing page, to the
// integration's target, or, where nothing is configured, to the link's
// redirect_url on a host that the integration already uses.
func (v *visit) toTarget() bool {
	c, o := &v.click, v.offer
	if o != nil && o.doc.DeepLinkEnabled && v.goToRequested(c.RedirectURL, o.deepLinks, v.pageTemplate(), "deep link") {
		return true
	}
	if v.goTo(v.paymentPage(), "url of the payment item") || v.page != nil && v.goTo(v.page.to, "landing page") {
		return true
	}
	return v.goTo(v.in.redirectTo, "global_redirect_url") || v.goToRequested(c.RedirectURL, v.in.requestHosts, nil, "redirect_url of the link")
}

// pageTemplate is the landing page's destination, or nil.
func (v *visit) pageTemplate() *redirect.Template {
	if v.page == nil {
		return nil
	}
	return v.page.to
}

// toFallback sends a rejected visitor along the fallback chain; smart
// links and RTB are not part of it.
func (v *visit) toFallback() bool {
	verdict := &v.click.Verdict
	v.url = v.url[:0]
	if verdict.BlockPage {
		return false
	}
	if v.previews() && v.page != nil && v.goTo(v.page.preview, "preview_url") {
		verdict.PreviewUsed = true
		return true
	}
	if v.offer != nil && v.goTo(v.offer.fallbackTo, "fallback_url of the offer") {
		return true
	}
	return v.goToRequested(v.click.FallbackURL, v.in.requestHosts, nil, "fallback_url of the link") ||
		v.goTo(v.in.fallbackTo, "global_fallback_url")
}

// previews tells whether rejected clicks go to the preview URL; the offer's
// word wins over the integration's.
func (v *visit) previews() bool {
	if v.offer != nil && v.offer.doc.OfferPreviewEnabled != nil {
		return *v.offer.doc.OfferPreviewEnabled
	}
	return v.in.doc.OfferPreviewEnabled
}

// goTo makes t the destination, unless there is none or it leads back to us.
func (v *visit) goTo(t *redirect.Template, by string) bool {
	if t == nil || v.loops(t.Authority(), t.Host()) {
		return false
	}
	v.by = by
	v.url = t.Append(v.url[:0], &v.click, v.in.pass)
	return true
}

// goToRequested makes a URL out of the request the destination, if it leads to
// one of the allowed hosts and not back to us. insteadOf is the template it
// stands in for, whose parameters come along; nil for none.
func (v *visit) goToRequested(url string, allowed *redirect.Hosts, insteadOf *redirect.Template, by string) bool {
	if url == "" {
		return false
	}
	authority, host, ok := allowed.Admit(url)
	if !ok || v.loops(authority, host) {
		return false
	}
	v.by = by
	v.url = insteadOf.AppendRequested(v.url[:0], url, &v.click, v.in.pass)
	return true
}

// loops tells whether an authority is the request's own or its host another of
// the network: a visitor sent there would come back for ever.
func (v *visit) loops(authority, host string) bool {
	return authority == v.authority || v.snap.router.Owns(host)
}
