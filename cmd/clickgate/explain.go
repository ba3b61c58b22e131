package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/attribution/service"
	"github.com/clickgate/clickgate/control/fleet"
	"github.com/clickgate/clickgate/edge/replay"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/explain"
)

func newExplain() *cobra.Command {
	var request explain.Request
	var headers, files []string
	var at string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [URL]",
		Short: "Tell step by step how a click or a conversion is judged, and why",
		Long: "Explain asks the running server, found through --config and --data-dir, for the whole way\n" +
			"of a click, an impression or a conversion: of a link, postback or pixel with headers and\n" +
			"address, or with --event of an event in the log. It is judged now, by the live config and the\n" +
			"counters as they stand, and counts nothing. Secrets are checked and never shown.\n\n" +
			"With -f it is judged in this process, by those documents and the settings' databases, with\n" +
			"empty counters: before they go live. No click store is within reach then, so a conversion is\n" +
			"told as far as its request tells of it.",
		Example: "  clickgate explain '/click?offer_id=1&publisher_id=1' --address 203.0.113.9 -H 'User-Agent: curl/8.5.0'\n" +
			"  clickgate explain '/conversion?secure=SECRET&transaction_id=0190a1b2c3d4e5f60718293a4b5c6d7e' --address 192.0.2.5\n" +
			"  clickgate explain --event 0190a1b2c3d4e5f60718293a4b5c6d7e",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				request.URL = args[0]
			}
			if err := fillRequest(&request, headers, at); err != nil {
				return mistakeError{err}
			}
			report, err := explainClick(cmd, &request, files)
			if err != nil {
				return err
			}
			if asJSON {
				out := json.NewEncoder(cmd.OutOrStdout())
				out.SetEscapeHTML(false)
				out.SetIndent("", "  ")
				return out.Encode(report)
			}
			return report.Print(cmd.OutOrStdout())
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().StringArrayVarP(&headers, "header", "H", nil, "a header of the request, 'Name: value' (may repeat; their order counts)")
	cmd.Flags().StringVar(&request.Address, "address", "", "the visitor's or sender's address, or a trusted proxy's")
	cmd.Flags().StringVar(&request.Method, "method", "", "GET (the default), HEAD or POST")
	cmd.Flags().StringVar(&request.Body, "data", "", "the body of a POST")
	cmd.Flags().StringVar(&at, "time", "", "the moment to judge by, as 2026-01-02T15:04:05Z; now when left out")
	cmd.Flags().StringVar(&request.EventID, "event", "", "tx_id of an event in the log: a click, an impression, a conversion or an event")
	cmd.Flags().StringVar(&request.Node, "node", "", "the edge to ask; any when left out")
	cmd.Flags().StringSliceVarP(&files, "file", "f", nil, "judge by these documents, in this process")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the explanation as JSON")
	return cmd
}

func fillRequest(r *explain.Request, headers []string, at string) error {
	for _, h := range headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return fmt.Errorf("--header %q: is not of the form 'Name: value'", h)
		}
		r.Headers = append(r.Headers, explain.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	if r.Body != "" && r.Method == "" {
		r.Method = "POST"
	}
	if at != "" {
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			return fmt.Errorf("--time %q: is not a time such as 2026-01-02T15:04:05Z", at)
		}
		r.Time = t
	}
	return r.Validate()
}

func explainClick(cmd *cobra.Command, request *explain.Request, files []string) (report explain.Report, err error) {
	s, err := loadSettings(cmd)
	if err != nil {
		return report, err
	}
	if len(files) == 0 {
		nc, err := dialNATS(s, "clickgate explain")
		if err != nil {
			return report, err
		}
		defer nc.Close()
		return fleet.Ask(cmd.Context(), nc, request)
	}
	if request.EventID != "" {
		return report, mistakeError{errors.New("--event: is in the running server's log; leave out -f, or compare configs with replay --last and --against")}
	}
	set, err := readSet(os.Stdin, files)
	if err != nil {
		return report, err
	}
	parts, closeParts, err := openParts(s)
	if err != nil {
		return report, err
	}
	defer closeParts()
	player, err := replay.NewPlayer(replay.Options{Edge: s.Edge.Settings, Parts: parts, Keys: s.Filters.TrackedKeys}, set)
	if err != nil {
		return report, err
	}
	return player.Explain(request), nil
}

// answerQuestions answers why traffic is judged as it is. Where NATS is away
// nobody can ask.
func (n *node) answerQuestions(background context.Context) {
	n.tasks.Go(func() {
		for background.Err() == nil {
			if err := fleet.AnswerQuestions(background, n.js.Conn(), n.name, n.explain); err == nil {
				return
			}
			select {
			case <-background.Done():
			case <-time.After(2 * time.Second):
			}
		}
	})
}

func (n *node) explain(ctx context.Context, r *explain.Request) (explain.Report, error) {
	if r.EventID == "" {
		return n.edge.Explain(r), nil
	}
	row, err := n.findEvent(ctx, r.EventID)
	if errors.Is(err, jetstream.ErrNotFound) {
		return explain.Report{}, fleet.ErrNoEvent
	}
	if err != nil {
		return explain.Report{}, err
	}
	return n.edge.ExplainEvent(row)
}

// findEvent finds an event: a conversion in the click store, which knows its
// latest version and is there for longer; whatever is not known there in the
// log.
func (n *node) findEvent(ctx context.Context, txID string) (events.Row, error) {
	at, err := clickid.Time(txID)
	if err != nil {
		return events.Row{}, err
	}
	if row, ok := n.findConversion(ctx, txID); ok {
		return row, nil
	}
	return jetstream.Find(ctx, n.js, txID, at)
}

func (n *node) findConversion(ctx context.Context, txID string) (row events.Row, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, service.DefaultDeadline)
	defer cancel()
	found, err := n.edge.Finder.Find(ctx, attribution.Query{ConversionID: txID})
	if err != nil || len(found.Conversions) == 0 || found.Conversions[0].Row == nil {
		return row, false
	}
	row, err = events.DecodeRow(found.Conversions[0].Kind, found.Conversions[0].Row)
	return row, err == nil
}
