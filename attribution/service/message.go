package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/attribution"
)

// Subject is where workers are asked, Group their queue group: one of them gets
// each question.
const (
	Subject = "clickgate.find"
	Group   = "clickgate-workers"
)

// version is that of the messages. Workers and edges of one installation may
// be of different releases: fields are added, and what changes their meaning
// changes the version.
const version = 1

type request struct {
	Version int `json:"v"`
	// WithinMS is how long the asker waits, counted by the worker's own clock
	// from when the question comes.
	WithinMS int64             `json:"within_ms"`
	Query    attribution.Query `json:"query"`
}

// reply is one line of JSON; the rows follow it as they are, which costs a tenth
// of what they would cost inside.
type reply struct {
	Version int `json:"v"`
	// Error is empty where Answer counts; Bad tells that the question is to
	// blame.
	Error  string              `json:"error,omitempty"`
	Bad    bool                `json:"bad,omitempty"`
	Answer *attribution.Answer `json:"answer,omitempty"`
	// Rows are the lengths of the rows that follow: of the click, then of its
	// conversions; 0 for none.
	Rows []int `json:"rows,omitempty"`
}

// maxWithin bounds how long a worker believes anybody waits.
const maxWithin = time.Minute

func encodeRequest(q *attribution.Query, within time.Duration) ([]byte, error) {
	return json.Marshal(request{Version: version, WithinMS: max(within.Milliseconds(), 1), Query: *q})
}

func decodeRequest(data []byte) (q attribution.Query, within time.Duration, err error) {
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		return q, 0, fmt.Errorf("%w: %w", attribution.ErrQuery, err)
	}
	if r.Version != version {
		return q, 0, fmt.Errorf("%w: version %d, and only %d is spoken", attribution.ErrQuery, r.Version, version)
	}
	within = min(max(time.Duration(min(r.WithinMS, maxWithin.Milliseconds()))*time.Millisecond, time.Millisecond), maxWithin)
	return r.Query, within, r.Query.Validate()
}

func encodeReply(a *attribution.Answer, err error) ([]byte, error) {
	if err != nil {
		return json.Marshal(reply{Version: version, Error: err.Error(), Bad: errors.Is(err, attribution.ErrQuery)})
	}
	r, size := reply{Version: version, Answer: a}, 0
	for _, row := range rows(a) {
		r.Rows, size = append(r.Rows, len(*row)), size+len(*row)
	}
	head, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	data := append(append(make([]byte, 0, len(head)+1+size), head...), '\n')
	for _, row := range rows(a) {
		data = append(data, *row...)
	}
	return data, nil
}

// rows are where an answer has rows: for its click, then for each conversion.
func rows(a *attribution.Answer) []*[]byte {
	list := append(make([]*[]byte, 0, 1+len(a.Conversions)), &a.Row)
	for i := range a.Conversions {
		list = append(list, &a.Conversions[i].Row)
	}
	return list
}

func decodeReply(data []byte) (attribution.Answer, error) {
	head, rest, _ := bytes.Cut(data, []byte{'\n'})
	var r reply
	if err := json.Unmarshal(head, &r); err != nil {
		return attribution.Answer{}, fmt.Errorf("%w: read answer: %w", attribution.ErrUnavailable, err)
	}
	switch {
	case r.Version != version:
		return attribution.Answer{}, fmt.Errorf("%w: the answer has version %d, and only %d is spoken", attribution.ErrUnavailable, r.Version, version)
	case r.Bad:
		return attribution.Answer{}, fmt.Errorf("%w: %s", attribution.ErrQuery, r.Error)
	case r.Error != "" || r.Answer == nil:
		return attribution.Answer{}, fmt.Errorf("%w: %s", attribution.ErrUnavailable, r.Error)
	}
	if !fillRows(r.Answer, r.Rows, rest) {
		return attribution.Answer{}, fmt.Errorf("%w: the rows of the answer are cut off", attribution.ErrUnavailable)
	}
	return *r.Answer, nil
}

// fillRows puts rows back into their places. They share the memory of data.
func fillRows(a *attribution.Answer, sizes []int, data []byte) bool {
	list := rows(a)
	if len(sizes) != len(list) {
		return false
	}
	for i, row := range list {
		n := sizes[i]
		if n < 0 || n > len(data) {
			return false
		}
		if n > 0 {
			*row, data = data[:n:n], data[n:]
		}
	}
	return len(data) == 0
}
