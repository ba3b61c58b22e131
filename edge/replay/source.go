package replay

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/clickgate/clickgate/events"
)

// A Source hands every click to each, in the order of time, until each returns
// an error. It returns how many lines could not be read.
type Source func(each func(Click) error) (unreadable int, err error)

// longestLine bounds a line of a log, in bytes.
const longestLine = 1 << 20

// AccessLog reads a log in the combined format of Apache and nginx. Every line
// is a click on link.
func AccessLog(path, link string) Source {
	return lines(path, func(line []byte) (Click, error) {
		r, err := parseCombined(string(line))
		r.Link = link
		return Click{Request: &r}, err
	})
}

// EventFile reads events, one JSON object a line, as "clickgate tail --json"
// prints them. Events that are neither clicks nor impressions are left out.
func EventFile(path string) Source {
	return lines(path, func(line []byte) (Click, error) {
		kind := events.Click
		row, err := events.DecodeRow(kind, append([]byte(nil), line...))
		if err != nil {
			return Click{}, err
		}
		// Only rows of clicks say whether the preview was used.
		if row.Text("preview_url_enabled") == "" {
			row.Kind = events.Impression
		}
		return Click{Event: &row}, nil
	})
}

func lines(path string, parse func([]byte) (Click, error)) Source {
	return func(each func(Click) error) (unreadable int, err error) {
		log, closeLog, err := open(path)
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, closeLog()) }()
		scanner := bufio.NewScanner(log)
		scanner.Buffer(nil, longestLine)
		for scanner.Scan() {
			c, err := parse(scanner.Bytes())
			if err != nil {
				unreadable++
				continue
			}
			if err := each(c); err != nil {
				return unreadable, err
			}
		}
		if err := scanner.Err(); err != nil {
			return unreadable, fmt.Errorf("read %s: %w", path, err)
		}
		return unreadable, nil
	}
}

// open opens a file, unpacked when its name ends in .gz.
func open(path string) (io.Reader, func() error, error) {
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
