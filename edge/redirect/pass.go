package redirect

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

// Pass says which request values travel to targets and fallbacks alike (R-21,
// D-5). The zero Pass is that of an absent limited_url_parameters.
//
//   - A value that is withheld is empty wherever a macro stands for it, and is
//     never appended.
//   - Extra parameters that are not withheld are appended, in their order.
//   - Mapped values (offer, publisher, advertiser, device id, sub ids) are
//     appended only where an operator asked for it by writing true, and only
//     if the template has no macro for them. With the object absent they are
//     passed by macro alone, so that a destination stays as it was written.
//
// Nothing is appended under a name that the destination has already. What
// steers the edge itself (redirect_url, fallback_url, json, no_redirect,
// js_check_data) never travels.
type Pass struct {
	limited  bool
	withheld [groupCount]bool
	names    [mappedCount]string
}

// mappedCount is the number of values that mapped lists.
const mappedCount = 10

// mapped are the values that may be appended without a macro, as they came in
// the request.
var mapped = [mappedCount]struct {
	group group
	macro *macro
	value func(*click.Click) string
	names func(*config.ClickParameters) []string
}{
	{offerGroup, macroByName["offer_id"],
		func(c *click.Click) string { return c.Offer },
		func(p *config.ClickParameters) []string { return p.Offer }},
	{publisherGroup, macroByName["publisher_id"],
		func(c *click.Click) string { return c.Publisher },
		func(p *config.ClickParameters) []string { return p.Publisher }},
	{advertiserGroup, macroByName["advertiser_id"],
		func(c *click.Click) string { return c.Advertiser },
		func(p *config.ClickParameters) []string { return p.Advertiser }},
	{deviceGroup, macroByName["device_id"],
		func(c *click.Click) string { return c.DeviceID },
		func(p *config.ClickParameters) []string { return p.DeviceID }},
	{subIDGroup, macroByName["sub_id"],
		func(c *click.Click) string { return c.SubID[0] },
		func(p *config.ClickParameters) []string { return p.SubID }},
	{subIDGroup, macroByName["sub_id_2"],
		func(c *click.Click) string { return c.SubID[1] },
		func(p *config.ClickParameters) []string { return p.SubID2 }},
	{subIDGroup, macroByName["sub_id_3"],
		func(c *click.Click) string { return c.SubID[2] },
		func(p *config.ClickParameters) []string { return p.SubID3 }},
	{subIDGroup, macroByName["sub_id_4"],
		func(c *click.Click) string { return c.SubID[3] },
		func(p *config.ClickParameters) []string { return p.SubID4 }},
	{subIDGroup, macroByName["sub_id_5"],
		func(c *click.Click) string { return c.SubID[4] },
		func(p *config.ClickParameters) []string { return p.SubID5 }},
	{subIDGroup, macroByName["sub_id_6"],
		func(c *click.Click) string { return c.SubID[5] },
		func(p *config.ClickParameters) []string { return p.SubID6 }},
}

// NewPass compiles limited_url_parameters; nil passes everything on. names are
// the integration's parameter names: a mapped value is appended under the
// first name of its list, else under its macro's name, whatever spelling the
// link used, so that a target always gets the same one.
func NewPass(limits *config.LimitedURLParameters, names config.ClickParameters) Pass {
	if limits == nil {
		return Pass{}
	}
	p := Pass{limited: true, withheld: [groupCount]bool{
		offerGroup:      !limits.Offer,
		publisherGroup:  !limits.Publisher,
		advertiserGroup: !limits.Advertiser,
		deviceGroup:     !limits.DeviceID,
		subIDGroup:      !limits.SubID,
		extraGroup:      !limits.ExtraParameters,
	}}
	for i := range mapped {
		p.names[i] = mapped[i].macro.name
		if list := mapped[i].names(&names); len(list) > 0 {
			p.names[i] = list[0]
		}
	}
	return p
}

// travels tells whether an extra parameter may be passed on. The names of R-22
// that steer the edge are claimed by every mapping unless an operator gave
// them away; they stay behind even then.
func travels(p *click.Param) bool {
	if p.Claimed || p.Name == "" {
		return false
	}
	switch p.Name {
	case "redirect_url", "fallback_url", "json", "no_redirect", "js_check_data":
		return false
	}
	return true
}
