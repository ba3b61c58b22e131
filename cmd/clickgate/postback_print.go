package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/clickgate/clickgate/internal/outgoing"
)

func printTest(w io.Writer, r *outgoing.TestReport, asJSON bool) error {
	if asJSON {
		return printJSON(w, r)
	}
	made := ""
	if r.Event.MadeUp {
		made = ", made up: no event in the log fires it"
	}
	fires := "would fire it"
	if !r.Fires {
		fires = "would not fire it as it is"
	}
	fmt.Fprintf(w, "%s (%s), answered by %s\n", oneLine(r.Document), r.Source, r.Node)
	fmt.Fprintf(w, "event %s %s %s%s: %s\n\n", r.Event.Kind, oneLine(r.Event.TxID), r.Event.Status, made, fires)
	printRequest(w, r.Request)
	if r.Result == nil {
		_, err := fmt.Fprintln(w, "\nnot sent; --send sends it")
		return err
	}
	x := r.Result
	fmt.Fprintf(w, "\n%s after %d ms", x.Outcome, x.DurationMS)
	if x.Status != 0 {
		fmt.Fprintf(w, ": answer %d", x.Status)
	}
	if x.Error != "" {
		fmt.Fprintf(w, ": %s", oneLine(x.Error))
	}
	_, err := fmt.Fprintf(w, "\n%s\n", lines(x.Body))
	return err
}

func printRequest(w io.Writer, r outgoing.TestRequest) {
	fmt.Fprintf(w, "%s %s\n", r.Method, oneLine(r.URL))
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range r.Header[name] {
			fmt.Fprintf(w, "%s: %s\n", oneLine(name), oneLine(value))
		}
	}
	if r.Body != "" {
		fmt.Fprintf(w, "\n%s\n", lines(r.Body))
	}
}

// lines keeps what others wrote from steering a terminal, and its lines.
func lines(s string) string {
	return strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, s)
}

func printLetters(w io.Writer, page outgoing.Page, asJSON bool) error {
	if asJSON {
		letters := page.Letters
		if letters == nil {
			letters = []outgoing.DeadLetter{}
		}
		return printJSON(w, map[string]any{"dead_letters": letters, "next": page.Next, "missing": page.Missing})
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tDIED\tSOURCE\tEVENT\tTRIES\tWHY\tURL")
	for i := range page.Letters {
		l := &page.Letters[i]
		fmt.Fprintf(table, "%s\t%s\t%s/%s\t%s\t%d\t%s\t%s\n", l.ID, clock(l.DiedAt), l.Source, oneLine(l.Owner), oneLine(l.TxID), l.Attempts, oneLine(l.LastError), oneLine(l.URL))
	}
	if err := table.Flush(); err != nil || page.Next == "" {
		return err
	}
	_, err := fmt.Fprintf(w, "more: --before %s\n", page.Next)
	return err
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func printLetter(w io.Writer, l *outgoing.DeadLetter, asJSON bool) error {
	if asJSON {
		return printJSON(w, l)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"id", l.ID}, {"worker", l.Node}, {"source", l.Source + "/" + l.Owner}, {"event", l.ServiceType + " " + l.TxID + " " + l.Status},
		{"asked for", clock(l.CreatedAt)}, {"died", clock(l.DiedAt)}, {"attempts", fmt.Sprint(l.Attempts)},
		{"last answer", fmt.Sprint(l.LastStatus)}, {"last error", l.LastError}, {"idempotency key", l.IdempotencyKey},
	} {
		fmt.Fprintf(table, "%s\t%s\n", row[0], oneLine(row[1]))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	printRequest(w, outgoing.TestRequest{Method: l.Method, URL: l.URL, Header: l.Header, Body: l.Body})
	return nil
}

func printStats(w io.Writer, all []outgoing.Stats, asJSON bool) error {
	if asJSON {
		return printJSON(w, all)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WORKER\tWAITING\tUNDER WAY\tLATE\tBLOCKED HOSTS\tDEAD\tDROPPED\tGIVEN UP\tFORGOTTEN")
	for _, s := range all {
		late := time.Duration(s.LateSeconds * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%d\t%d\t%d\t%d\t%d\n", s.Node, s.Waiting, s.Flying, late, s.BlockedHosts, s.DeadLetters, s.Dropped, s.GivenUp, s.Forgotten)
	}
	return table.Flush()
}
