package explain

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/clickgate/clickgate/internal/money"
)

// Print writes the report for people, a section a step.
func (r *Report) Print(w io.Writer) error {
	var p printer
	p.line("judged by %s, config version %s, for %s", orElse(r.Node, "this process"), r.ConfigVersion, r.Time.Format(time.RFC3339))
	p.integration(r)
	p.request(r.Conversion)
	p.parameters(r.Parameters)
	p.attribution(r.Conversion)
	p.values("visitor", r.Visitor)
	p.smartLink(r.SmartLink)
	p.values("link", r.Link)
	p.repeats(r.Conversion)
	p.rules(r.Rules)
	p.groups(r.Groups)
	p.filters(r.Filters)
	p.status(r.Conversion)
	p.decision(r)
	p.outcome(r.Conversion)
	_, err := io.WriteString(w, p.String())
	return err
}

type printer struct{ strings.Builder }

// line writes a line, in which values that visitors chose cannot steer a
// terminal.
func (p *printer) line(format string, args ...any) {
	p.WriteString(strings.Map(printable, fmt.Sprintf(format, args...)))
	p.WriteByte('\n')
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return utf8.RuneError
}

func (p *printer) title(text string) {
	p.WriteByte('\n')
	p.line("%s", text)
}

func (p *printer) integration(r *Report) {
	if i := r.Integration; i != nil {
		p.title("integration")
		p.line("  %s (%s), a %s", i.Name, i.ID, i.Plane)
	}
	if r.Refused != "" {
		p.title("refused, without an event")
		p.line("  %s", r.Refused)
	}
}

func (p *printer) parameters(list []Parameter) {
	if len(list) == 0 {
		return
	}
	p.title("parameters")
	for _, v := range list {
		note := ""
		if v.Note != "" {
			note = " (" + v.Note + ")"
		}
		p.line("  %-20s = %s   -> %s%s", v.Name, v.Value, orElse(v.Field, "extra"), note)
	}
}

func (p *printer) values(title string, list []Value) {
	if len(list) == 0 {
		return
	}
	p.title(title)
	for _, v := range list {
		p.line("  %-16s %s", v.Name, v.Value)
	}
}

func (p *printer) smartLink(s *SmartLink) {
	if s == nil {
		return
	}
	p.title("smart link")
	p.line("  %s (%s), by %s", s.Name, s.ID, orElse(s.Strategy, "weight"))
	for _, c := range s.Candidates {
		state := "skipped: " + strings.Join(c.Rejections, ", ")
		if c.Chosen {
			state = "chosen"
		}
		if c.Fallback {
			state += " (fallback offer)"
		}
		p.line("  %-30s %s", c.Name+" ("+c.Offer+")", state)
	}
}

func (p *printer) rules(list []Rule) {
	if len(list) == 0 {
		return
	}
	p.title("rules")
	for _, r := range list {
		p.line("  %s  %s: %s %s", mark(r.Fits), r.Part, r.Name, shown(r.Value))
		if r.Wants != "" {
			p.line("        wants %s", r.Wants)
		}
		if r.Reason != "" {
			p.line("        rejects by %s", r.Reason)
		}
	}
}

func (p *printer) groups(list []Group) {
	if len(list) == 0 {
		return
	}
	p.title("filter groups")
	for _, g := range list {
		p.line("  %s  %s %s", mark(g.Judges), g.Kind, orElse(g.Name, g.ID))
		p.line("        %s", g.Why)
	}
}

func (p *printer) filters(list []Filter) {
	if len(list) == 0 {
		return
	}
	p.title("filters")
	for _, f := range list {
		verdict := f.Verdict
		switch {
		case f.Skipped:
			verdict = "skipped: the matched group has its own"
		case f.Suspicious && f.Verdict == "pass":
			verdict = "pass, though suspicious"
		}
		if len(f.Reasons) > 0 {
			verdict += " -> " + strings.Join(f.Reasons, ", ")
		}
		p.line("  %s  %s: %s", mark(f.Verdict != "hit"), f.Type, verdict)
		if f.Detail != "" {
			p.line("        %s", f.Detail)
		}
		for _, v := range f.Inputs {
			p.line("        %s = %s", v.Name, shown(v.Value))
		}
		if len(f.Settings) > 0 {
			p.line("        settings %s", f.Settings)
		}
	}
}

func (p *printer) decision(r *Report) {
	if d := r.Decision; d != nil {
		p.title("decision")
		p.line("  %s %s", d.Status, strings.Join(d.Rejections, ", "))
		if d.Detail != "" {
			p.line("  %s", d.Detail)
		}
		if d.Monitoring {
			p.line("  monitoring mode: a rejected visitor is let through")
		}
		p.amounts(d)
	}
	if d := r.Destination; d != nil {
		p.title("destination")
		p.line("  %d %s", d.Status, d.URL)
		p.line("  by: %s", d.By)
	}
}

// settled is an amount and whose terms it follows.
func settled(amount money.Amount, by string) string {
	if by == "" {
		return amount.String()
	}
	return amount.String() + " (" + by + ")"
}

// mark is a sign for yes and no.
func mark(yes bool) string {
	if yes {
		return "yes"
	}
	return "no "
}

func shown(value string) string {
	if value == "" {
		return "(nothing)"
	}
	return value
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
