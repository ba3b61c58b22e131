package queue

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/clickgate/clickgate/postback/call"
)

// Job is a call and what has become of it.
type Job struct {
	call.Call
	// Attempts is how often it was sent, those of this run included.
	Attempts int `json:"attempts,omitempty"`
	// LastStatus and LastError are what the last attempt ended with.
	LastStatus int    `json:"last_status,omitempty"`
	LastError  string `json:"last_error,omitempty"`

	key  []byte // in the store
	lane *lane
}

// Letter is a call that was given up.
type Letter struct {
	// ID names it to Refire and Discard.
	ID string
	// Died is when it was given up.
	Died time.Time
	Job
}

func encode(j *Job) []byte {
	data, err := json.Marshal(j)
	if err != nil {
		panic("BUG: a job has no JSON: " + err.Error())
	}
	return data
}

func decode(data []byte) (j Job, err error) {
	if err := json.Unmarshal(data, &j); err != nil {
		return j, fmt.Errorf("decode call: %w", err)
	}
	if key, err := hex.DecodeString(j.Key); err != nil || len(key) != 16 {
		return j, fmt.Errorf("decode call: key %q is not 32 hex digits", j.Key)
	}
	return j, nil
}
