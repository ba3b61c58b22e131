package edge

import (
	"github.com/clickgate/clickgate/caps"
	"github.com/clickgate/clickgate/internal/click"
)

// Capped tells whether the live config has caps.
func (e *Edge) Capped() bool { return !e.snapshot.Load().caps.Empty() }

// judgeCaps asks the caps of the offer and the publisher: where one
// is full and diverts, the click is rejected; else it passes and earns nothing.
func (v *visit) judgeCaps() {
	c := &v.click
	if !v.capped() {
		return
	}
	t := caps.Thing{
		Plane: c.Plane, OfferID: c.Link.OfferID, PublisherNumber: c.Link.PublisherNumber, SubID: c.SubID[0], TimeMS: c.TimeMS,
	}
	full := v.snap.caps.Over(v.edge.Caps, &t)
	v.overCap = full.Over()
	if !v.overCap {
		return
	}
	if v.report != nil {
		v.report.rule("caps", full.Cap.String(), "full", !full.Divert, click.CapReached)
	}
	if full.Divert {
		c.Verdict.Reject(click.CapReached, full.Cap.String())
	}
}

// capped tells whether there are caps for the click's offer or publisher.
func (v *visit) capped() bool {
	return v.edge.Caps != nil && v.snap.caps.Concern(v.click.Link.OfferID, v.click.Link.PublisherNumber)
}

// countForCaps counts a click that reached the offer.
func (v *visit) countForCaps() {
	if !v.capped() {
		return
	}
	t, counts := caps.ThingOf(&v.click)
	if !counts {
		return
	}
	var room [8]caps.Count
	v.edge.Caps.Add(v.snap.caps.Counters(room[:0], &t))
}

// takeCaps takes the place of the conversion in its caps, as the status it is
// about to have; or tells which cap has none left.
func (v *conversion) takeCaps(status click.Status) (full *caps.Cap) {
	if !v.capped() {
		return nil
	}
	if v.click.Trial {
		return v.lookAtCaps(status)
	}
	t, _ := caps.ThingOf(&v.click)
	t.Status = status
	var verdict caps.Verdict
	v.taken, verdict = v.snap.caps.Take(v.edge.Caps, &t, v.taken[:0])
	return verdict.Cap
}

// returnCaps gives back what takeCaps took, for a conversion that is not
// recorded.
func (v *conversion) returnCaps() {
	if len(v.taken) > 0 {
		v.edge.Caps.Return(v.taken)
		v.taken = nil
	}
}
