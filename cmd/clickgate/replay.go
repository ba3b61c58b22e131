package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/edge/replay"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/events/jetstream"
	"github.com/clickgate/clickgate/internal/boot"
)

// replayFlags say what is played back and by which configs.
type replayFlags struct {
	format, link, last string
	files, against     []string
}

func newReplay() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay [FILE]",
		Short: "Judge clicks of the past by a config, or by two to see what differs",
		Long: "Replay judges the clicks of an access log (every line a click on --link), of a file of\n" +
			"events (what tail --json prints) or, with --last, of the running server's own log.\n" +
			"Addresses are looked up in the settings' databases, and time is the clicks' own, so that\n" +
			"windows behave as they did; they begin empty. Nothing is written or counted.\n\n" +
			"The documents of -f judge, or the settings' own, or for --last the live ones. With\n" +
			"--against other documents judge as well, and what they decide otherwise is printed.",
		Example: "  clickgate replay access.log.gz --config deploy/examples/demo.yaml --link '/click?offer_id=1&publisher_id=1'\n" +
			"  clickgate replay --last 24h --data-dir ./data --against candidate.yaml",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			source, err := f.source(cmd, s, args)
			if err != nil {
				return err
			}
			return f.run(cmd, s, source)
		},
	}
	addSettingsFlags(cmd, "data-dir", "nats-url")
	cmd.Flags().StringVar(&f.format, "format", "combined", "of FILE: combined (Apache, nginx) or events")
	cmd.Flags().StringVar(&f.link, "link", "", "the link that every line of an access log clicks on, a path or a whole URL")
	cmd.Flags().StringVar(&f.last, "last", "", "play the running server's log: the last 90m, 24h, or 5000 events")
	cmd.Flags().StringSliceVarP(&f.files, "file", "f", nil, "documents to judge by")
	cmd.Flags().StringSliceVar(&f.against, "against", nil, "documents to compare with")
	return cmd
}

// source is what is played back.
func (f *replayFlags) source(cmd *cobra.Command, s boot.Settings, args []string) (replay.Source, error) {
	switch {
	case f.last != "" && len(args) > 0:
		return nil, mistakeError{errors.New("--last: plays the server's log; leave out FILE")}
	case f.last != "":
		return logSource(cmd.Context(), s, f.last)
	case len(args) == 0:
		return nil, mistakeError{errors.New("FILE: missing; name an access log or a file of events, or give --last")}
	case f.format == "events":
		return replay.EventFile(args[0]), nil
	case f.format != "combined":
		return nil, mistakeError{fmt.Errorf("--format %q: known are combined and events", f.format)}
	case f.link == "":
		return nil, mistakeError{errors.New("--link: missing; an access log does not say on which link its lines click")}
	}
	return replay.AccessLog(args[0], f.link), nil
}

func (f *replayFlags) run(cmd *cobra.Command, s boot.Settings, source replay.Source) error {
	set, err := f.judges(cmd, s)
	if err != nil {
		return err
	}
	if len(f.against) == 0 {
		return summarise(cmd, s, set, source)
	}
	other, err := readSet(nil, f.against)
	if err != nil {
		return err
	}
	return compareSets(cmd, s, set, other, source)
}

// judges are the documents to judge by.
func (f *replayFlags) judges(cmd *cobra.Command, s boot.Settings) (*config.Set, error) {
	if len(f.files) > 0 {
		return readSet(nil, f.files)
	}
	if f.last == "" {
		return readSet(nil, s.Apply)
	}
	var set *config.Set
	err := withStore(cmd, func(ctx context.Context, live *store.Store) error {
		snap, err := live.Load(ctx)
		set = snap.Set
		return err
	})
	return set, err
}

func summarise(cmd *cobra.Command, s boot.Settings, set *config.Set, source replay.Source) error {
	return withPlayers(s, []*config.Set{set}, func(p []*replay.Player) error {
		summary, err := replay.Summarise(p[0], source)
		if err != nil {
			return err
		}
		summary.Print(cmd.OutOrStdout())
		return nil
	})
}

// compareSets prints what two configs decide otherwise.
func compareSets(cmd *cobra.Command, s boot.Settings, before, after *config.Set, source replay.Source) error {
	return withPlayers(s, []*config.Set{before, after}, func(p []*replay.Player) error {
		comparison, err := replay.Compare(p[0], p[1], source)
		if err != nil {
			return err
		}
		comparison.Print(cmd.OutOrStdout())
		return nil
	})
}

// replayPlan prints what a change would decide otherwise about the clicks of
// the log.
func replayPlan(cmd *cobra.Command, plan store.Plan, last string) error {
	s, err := loadSettings(cmd)
	if err != nil {
		return err
	}
	source, err := logSource(cmd.Context(), s, last)
	if err != nil {
		return err
	}
	return compareSets(cmd, s, plan.Before, plan.After, source)
}

// withPlayers runs do with a player for each set.
func withPlayers(s boot.Settings, sets []*config.Set, do func([]*replay.Player) error) error {
	parts, closeParts, err := openParts(s)
	if err != nil {
		return err
	}
	defer closeParts()
	players := make([]*replay.Player, len(sets))
	for i, set := range sets {
		players[i], err = replay.NewPlayer(replay.Options{Edge: s.Edge.Settings, Parts: parts, Keys: s.Filters.TrackedKeys}, set)
		if err != nil {
			return err
		}
	}
	return do(players)
}

// mostEvents bounds --last with a number: that many are held in memory.
const mostEvents = 1_000_000

// logSource plays the end of the running server's log: a span of time, or a
// number of events.
func logSource(ctx context.Context, s boot.Settings, last string) (replay.Source, error) {
	span, err := time.ParseDuration(last)
	if err == nil && span > 0 {
		return func(each func(replay.Click) error) (int, error) {
			return 0, eachLogged(ctx, s, time.Now().Add(-span), each)
		}, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(last))
	if err != nil || n < 1 || n > mostEvents {
		return nil, mistakeError{fmt.Errorf("%q is neither a time such as 90m or 24h nor a number of events from 1 to %d", last, mostEvents)}
	}
	return func(each func(replay.Click) error) (int, error) { return 0, lastLogged(ctx, s, n, each) }, nil
}

// eachLogged hands over the clicks and impressions logged since a time; all of
// them for the zero time.
func eachLogged(ctx context.Context, s boot.Settings, since time.Time, each func(replay.Click) error) error {
	js, err := dialJetStream(s, "clickgate replay")
	if err != nil {
		return err
	}
	defer js.Conn().Close()
	opt := jetstream.TailOptions{Kinds: []events.Kind{events.Click, events.Impression}, Since: since, FromStart: true, NoFollow: true}
	err = jetstream.Tail(ctx, js, opt, func(row events.Row) error { return each(replay.Click{Event: &row}) })
	return errors.Join(err, ctx.Err())
}

// lastLogged hands over the last n clicks and impressions.
func lastLogged(ctx context.Context, s boot.Settings, n int, each func(replay.Click) error) error {
	var ring []replay.Click
	next := 0
	err := eachLogged(ctx, s, time.Time{}, func(c replay.Click) error {
		if len(ring) < n {
			ring = append(ring, c)
			return nil
		}
		ring[next] = c
		next = (next + 1) % n
		return nil
	})
	for i := range ring {
		if err == nil {
			err = each(ring[(next+i)%len(ring)])
		}
	}
	return err
}
