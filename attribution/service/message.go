package service

import (
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

type reply struct {
	Version int `json:"v"`
	// Error is empty where Answer counts; Bad tells that the question is to
	// blame.
	Error  string              `json:"error,omitempty"`
	Bad    bool                `json:"bad,omitempty"`
	Answer *attribution.Answer `json:"answer,omitempty"`
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
	r := reply{Version: version, Answer: a}
	if err != nil {
		r.Answer, r.Error, r.Bad = nil, err.Error(), errors.Is(err, attribution.ErrQuery)
	}
	return json.Marshal(r)
}

func decodeReply(data []byte) (attribution.Answer, error) {
	var r reply
	if err := json.Unmarshal(data, &r); err != nil {
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
	return *r.Answer, nil
}
