package queue

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/clickgate/clickgate/postback/call"
)

func TestDeadLetters(t *testing.T) {
	q, c := fresh(t, nil)
	for _, name := range names("a", 5) {
		add(t, q, newCall(c, "a", name, 0))
		job := takeNamed(t, q, name)
		finish(t, q, job, Result{Fate: Dead, Status: 500, Error: "it says no to " + name})
		c.advance(time.Second)
	}
	letters, err := q.Letters("", 3)
	if err != nil || len(letters) != 3 || letters[0].Owner != "a-4" || letters[2].Owner != "a-2" {
		t.Fatalf("letters %v, %v", letters, err)
	}
	if l := letters[0]; l.LastStatus != 500 || l.LastError != "it says no to a-4" || l.Attempts != 1 || !l.Died.Equal(c.now().Add(-time.Second)) {
		t.Errorf("letter %+v", l)
	}
	rest, err := q.Letters(letters[2].ID, 10)
	if err != nil || len(rest) != 2 || rest[0].Owner != "a-1" {
		t.Fatalf("the rest %v, %v", rest, err)
	}
	if one, err := q.Letter(rest[1].ID); err != nil || one.Owner != "a-0" {
		t.Errorf("letter %+v, %v", one, err)
	}
	if err := q.Refire(rest[1].ID); err != nil {
		t.Fatal(err)
	}
	job := takeNamed(t, q, "a-0")
	if job.Attempts != 1 || job.Key != rest[1].Key || job.LastError != "" || !job.Due.Equal(c.now()) {
		t.Errorf("fired again as %+v", job)
	}
	if err := q.Discard(letters[0].ID); err != nil || q.Stats().Dead != 3 {
		t.Errorf("discard: %v, %d left", err, q.Stats().Dead)
	}
	for _, id := range []string{rest[1].ID, letters[0].ID, "nonsense", "", strings.Repeat("0", 48)} {
		_, read := q.Letter(id)
		for _, err := range []error{q.Refire(id), q.Discard(id), read} {
			if !errors.Is(err, ErrNoLetter) {
				t.Errorf("letter %q that is not there: %v", id, err)
			}
		}
	}
	if _, err := q.Letters("nonsense", 1); !errors.Is(err, ErrNoLetter) {
		t.Errorf("letters before nonsense: %v", err)
	}
}

func TestDeadLettersAreBounded(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.MaxDead, s.KeepDead = 10, time.Hour })
	for i, name := range names("a", 15) {
		add(t, q, newCall(c, "a", name, 0))
		finish(t, q, take(t, q), Result{Fate: Dead})
		if s := q.Stats(); s.Dead > 10 || s.Dead+int64(s.Forgotten) != int64(i+1) {
			t.Fatalf("after %d: %+v", i+1, s)
		}
		c.advance(time.Minute)
	}
	letters, _ := q.Letters("", 100)
	if int64(len(letters)) != q.Stats().Dead || letters[0].Owner != "a-14" {
		t.Errorf("%d letters, the last %s", len(letters), letters[0].Owner)
	}
	c.advance(time.Hour - 3*time.Minute)
	if err := q.Expire(); err != nil {
		t.Fatal(err)
	}
	if letters, _ = q.Letters("", 100); len(letters) != 3 || q.Stats().Dead != 3 {
		t.Errorf("%d letters are younger than an hour, want 3", len(letters))
	}
}

func TestGivingUp(t *testing.T) {
	q, c := fresh(t, func(s *Settings) { s.GiveUpAfter, s.PerHost = time.Hour, 1 })
	var calls []call.Call
	for _, name := range names("down", chunk+7) {
		calls = append(calls, newCall(c, "down", name, 0))
	}
	if _, err := q.Add([]Item{{TxID: "x", Calls: calls}}, 0); err != nil {
		t.Fatal(err)
	}
	flying := take(t, q)
	c.advance(time.Hour + time.Second)
	add(t, q, newCall(c, "down", "young", 0))
	if err := q.Expire(); err != nil {
		t.Fatal(err)
	}
	if s := q.Stats(); s.Jobs != 2 || s.Dead != chunk+6 || s.GivenUp != chunk+6 {
		t.Errorf("has %+v, want two calls", s)
	}
	finish(t, q, flying, Result{})
	finish(t, q, takeNamed(t, q, "young"), Result{})
	if s := q.Stats(); s.Jobs != 0 || len(q.lanes) != 0 {
		t.Errorf("has %+v and %d lanes", s, len(q.lanes))
	}
	letters, _ := q.Letters("", 1)
	if !strings.Contains(letters[0].LastError, "not sent in time") {
		t.Errorf("letter says %q", letters[0].LastError)
	}
}
