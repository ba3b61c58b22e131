package explain

import "strings"

// request prints how a conversion came in.
func (p *printer) request(c *Conversion) {
	if c == nil {
		return
	}
	if c.Known != "" {
		p.title("request")
		p.line("  %s", c.Known)
	}
	p.checks("authentication", c.Authentication)
}

// checks prints the rules of one section, whose values may go without saying.
func (p *printer) checks(title string, list []Rule) {
	if len(list) == 0 {
		return
	}
	p.title(title)
	for _, r := range list {
		text := r.Name
		if r.Value != "" {
			text += ": " + r.Value
		}
		p.line("  %s  %s", mark(r.Fits), text)
		if r.Wants != "" {
			p.line("        wants %s", r.Wants)
		}
		if r.Reason != "" {
			p.line("        %s %s", effect(r.Part), r.Reason)
		}
	}
}

// effect says what a rule does where it does not fit.
func effect(part string) string {
	switch part {
	case "authentication":
		return "refuses by"
	case "duplicates":
		return "repeats"
	}
	return "makes it"
}

func (p *printer) attribution(c *Conversion) {
	if c == nil || c.Attribution == nil {
		return
	}
	a := c.Attribution
	p.values("click looked for by", a.Evidence)
	p.title("attribution")
	p.line("  %s", strings.ReplaceAll(a.Outcome, "_", " "))
	if a.Detail != "" {
		p.line("  %s", a.Detail)
	}
	p.values("click", a.Click)
	p.checks("when it may earn", a.Windows)
}

func (p *printer) repeats(c *Conversion) {
	if c == nil {
		return
	}
	p.values("event", c.Event)
	p.values("changes", c.Changes)
	p.checks("duplicates", c.Duplicates)
}

func (p *printer) status(c *Conversion) {
	if c != nil {
		p.checks("status", c.Status)
	}
}

// amounts prints what something earns.
func (p *printer) amounts(d *Decision) {
	if d.Duplicate != "" {
		p.line("  a duplicate of %s: nothing is recorded", d.Duplicate)
		return
	}
	currency := ""
	if d.Currency != "" {
		currency = " " + d.Currency
	}
	p.line("  payout %s, revenue %s%s", settled(d.Payout, d.PayoutBy), settled(d.Revenue, d.RevenueBy), currency)
	if !d.RejectedPayout.IsZero() || !d.RejectedRevenue.IsZero() {
		p.line("  not earned: payout %s, revenue %s%s", d.RejectedPayout, d.RejectedRevenue, currency)
	}
}

// outcome prints what the sender hears, and what the log says about it.
func (p *printer) outcome(c *Conversion) {
	if c == nil {
		return
	}
	if a := c.Answer; a != nil {
		p.title("answer")
		p.line("  %d %s", a.Status, a.ContentType)
		if body := strings.TrimSpace(a.Body); body != "" {
			p.line("  %s", body)
		}
	}
	if len(c.Differences) == 0 {
		return
	}
	p.title("recorded otherwise")
	for _, d := range c.Differences {
		p.line("  %-24s %s, now %s", d.Field, shown(d.Recorded), shown(d.Now))
	}
}
