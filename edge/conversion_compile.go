package edge

import (
	"time"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/convert"
	"github.com/clickgate/clickgate/edge/rule"
	"github.com/clickgate/clickgate/edge/target"
)

// reception is what an integration's conversions are received with.
type reception struct {
	mapping *convert.Mapping
	senders *target.AddressList // nil: from anywhere
	// external is how long an external transaction id counts as seen; 0: it is
	// not looked at.
	external time.Duration
	lookback time.Duration // 0: unlimited (R-27, D-9)
}

// defaultExternal is how long external transaction ids are remembered where the
// integration does not say it.
const defaultExternal = 30 * 24 * time.Hour

func (c *compiler) newReception(doc *config.Integration) reception {
	cc := &doc.ConversionsConfig
	r := reception{
		mapping:  convert.NewMapping(&cc.RequestParametersMapping),
		lookback: time.Duration(doc.MaxAttributionLookupDays) * 24 * time.Hour,
	}
	if doc.DuplicateExternalTxIDEnabled {
		r.external = defaultExternal
		if s := doc.DuplicateExternalTxIDExpirySecond; s > 0 {
			r.external = time.Duration(s) * time.Second
		}
	}
	if cc.AllowedIP != "" {
		list, problems := target.ParseAddressList(cc.AllowedIP)
		c.addProblems(doc.Key(), "conversions_config.allowed_ip: ", problems)
		r.senders = list
	}
	return r
}

// acquisition is what an offer's conversions are taken with.
type acquisition struct {
	goals   goals
	senders *target.AddressList // nil: leaves it to the integration
	session time.Duration       // how long a click may earn one
	shaves  []shave
	pixels  pixelPages
}

func (c *compiler) newAcquisition(p *parts, d offerDocuments) (a acquisition) {
	doc := d.offer
	a.goals, a.shaves = newGoals(p, d.events), newShaves(d.throttles)
	a.pixels = newPixelPages(d.pixels)
	senders, problems := rule.CompileSenders(doc, d.advertiser)
	c.addProblems(doc.Key(), "", problems)
	a.senders = senders
	var err error
	if a.session, err = config.ParseClickSession(doc.ClickSession); err != nil {
		c.problem(doc.Key(), "click_session", err)
	}
	return a
}
