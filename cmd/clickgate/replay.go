package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/events"
	"github.com/clickgate/clickgate/filters/state"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/internal/clickid"
	"github.com/clickgate/clickgate/internal/clientip"
)

func newReplay() *cobra.Command {
	var format, link string
	var files []string
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Send a web server's access log through the edge and print how it is judged",
		Long: "Replay takes the address, time, user agent and referer of every line of an access log\n" +
			"(.gz is unpacked), has each click on the link judged by the settings' databases and the\n" +
			"documents, and prints a summary. Nothing is written, and time is the log's own: the same\n" +
			"log gives the same result.",
		Example: "  clickgate replay access.log --config deploy/examples/demo.yaml --format combined --link '/click?offer_id=1&publisher_id=1'",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return mistakeError{err}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "combined" {
				return mistakeError{fmt.Errorf("--format %q: only combined is known", format)}
			}
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				files = s.Apply
			}
			set, err := readSet(nil, files)
			if err != nil {
				return err
			}
			return replay(cmd.Context(), cmd.OutOrStdout(), s, set, args[0], link)
		},
	}
	addSettingsFlags(cmd, "data-dir")
	cmd.Flags().StringVar(&format, "format", "combined", "the log's format: combined (Apache, nginx)")
	cmd.Flags().StringVar(&link, "link", "", "the link that every line clicks on, a path or a whole URL")
	cmd.Flags().StringSliceVarP(&files, "file", "f", nil, "documents to judge by; the settings' own when left out")
	_ = cmd.MarkFlagRequired("link") // fails only for a flag that does not exist
	return cmd
}

// replay judges every line of a log and prints the summary.
func replay(ctx context.Context, out io.Writer, s boot.Settings, set *config.Set, path, link string) error {
	log, closeLog, err := openAccessLog(path)
	if err != nil {
		return err
	}
	defer closeLog()
	r, err := newReplayer(s, set, link)
	if err != nil {
		return err
	}
	defer r.close()
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() && ctx.Err() == nil {
		entry, err := parseCombined(lines.Text())
		if err != nil {
			r.summary.unreadable++
			continue
		}
		r.click(entry)
	}
	if err := errors.Join(lines.Err(), ctx.Err()); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return r.finish(out)
}

func openAccessLog(path string) (io.Reader, func() error, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if !strings.HasSuffix(path, ".gz") {
		return f, f.Close, nil
	}
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("unpack %s: %w", path, err), f.Close())
	}
	return unpacked, f.Close, nil
}

// replayer is an edge without listeners whose clock is the log's and whose
// events are added up.
type replayer struct {
	edge    *edge.Edge
	events  *events.Log
	devices *device.Parser
	summary *summary
	link    string
	now     time.Time
}

// proxyAddr is the trusted proxy that all clicks seem to come through.
var proxyAddr = netip.MustParseAddrPort("127.0.0.1:1")

func newReplayer(s boot.Settings, set *config.Set, link string) (*replayer, error) {
	r := &replayer{summary: newSummary(), link: link}
	places, err := geo.Open(s.Geo)
	if err != nil {
		return nil, fmt.Errorf("open address databases: %w", err)
	}
	// One line is judged after the other: no flood is kept from the rules, or
	// the result would depend on the machine's speed.
	if r.devices, err = device.New(device.Options{Share: 1}); err != nil {
		return nil, err
	}
	addresses, err := clientip.New(clientip.Default())
	if err != nil {
		return nil, err
	}
	ids, err := clickid.NewGenerator(0, clickid.NewKeys(time.Now()))
	if err != nil {
		return nil, err
	}
	r.events = events.New(r.summary, events.Options{Node: "replay", Fast: true})
	r.edge = edge.New(s.Edge.Settings, edge.Parts{
		Geo: places, Devices: r.devices, State: state.NewMemory(state.Options{Keys: s.Filters.TrackedKeys}),
		Log: r.events, IDs: ids, ClientIP: addresses, Logger: zap.NewNop(), Now: func() time.Time { return r.now },
	})
	return r, r.edge.Apply(set, 1, nil)
}

// click has the edge judge one line of the log.
func (r *replayer) click(entry logEntry) {
	r.now = entry.time
	var request fasthttp.Request
	request.SetRequestURI(r.link)
	h := &request.Header
	h.Set("X-Forwarded-For", entry.address)
	h.SetUserAgent(entry.userAgent)
	h.SetReferer(entry.referer)
	// The log keeps no languages: one is given, or every filter that looks at
	// them would reject everybody.
	h.Set("Accept-Language", "en")
	if len(h.Host()) == 0 {
		h.SetHost(string(request.URI().Host()))
	}
	var ctx fasthttp.RequestCtx
	ctx.Init(&request, net.TCPAddrFromAddrPort(proxyAddr), nil)
	r.edge.Handle(&ctx)
	r.summary.answered(ctx.Response.StatusCode())
}

// finish waits for the last event and prints the summary.
func (r *replayer) finish(out io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.events.Close(ctx); err != nil {
		return err
	}
	return r.summary.print(out)
}

func (r *replayer) close() { r.devices.Close() }
