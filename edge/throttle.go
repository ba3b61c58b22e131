package edge

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// shave is a compiled throttle of an offer (A18, R-38).
type shave struct {
	id        string
	publisher string // its number
	percent   uint64
	status    click.Status
	// subs are the values that each sub id may have; nil is any.
	subs [6]map[string]struct{}
}

func newShaves(docs []*config.CustomThrottle) (all []shave) {
	for _, doc := range docs {
		if !doc.Active {
			continue
		}
		s := shave{id: doc.ID, publisher: decimal(doc.PublisherIncrementalID), percent: uint64(doc.ThrottlePercentage), status: click.Pending}
		if doc.ThrottleStatus == "Rejected" {
			s.status = click.Rejected
		}
		f := &doc.AdditionalFilters
		for i, condition := range [...]*config.ThrottleCondition{f.SubID, f.SubID2, f.SubID3, f.SubID4, f.SubID5, f.SubID6} {
			if condition != nil {
				s.subs[i] = setOf(condition.Values)
			}
		}
		all = append(all, s)
	}
	return all
}

// takes tells whether the throttle is for a conversion of a publisher and hits
// it. The chance is a hash of the click, the event and the throttle, so that a
// repeat meets the same fate.
func (s *shave) takes(c *click.Click) bool {
	if s.publisher != c.Link.PublisherNumber {
		return false
	}
	for i, allowed := range s.subs {
		if allowed == nil {
			continue
		}
		if _, ok := allowed[c.SubID[i]]; !ok {
			return false
		}
	}
	v := &c.Conversion
	sum := sha256.Sum256([]byte(s.id + "/" + v.ClickTxID + "/" + v.EventID + "/" + v.ConversionRef + "/" + c.ExternalTransactionID))
	return binary.BigEndian.Uint64(sum[:])%100 < s.percent
}
