package listen

import (
	"errors"
	"io"
	"net"
	"testing"
)

func TestCloseWhileDrainingWaitsForTheAnswer(t *testing.T) {
	ours, theirs := pair(t)
	ours.turn.draining.Store(true)
	theirs.Write([]byte("GET"))
	if _, err := io.ReadFull(ours, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	if err := ours.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ours.Write([]byte("302")); err != nil {
		t.Errorf("the answer to a request that came before the close: %v", err)
	}
	ours.Close()
	if got, err := io.ReadAll(theirs); string(got) != "302" || err != nil {
		t.Errorf("the visitor got %q, %v, want the answer and the end", got, err)
	}
}

func TestCloseIsAtOnce(t *testing.T) {
	tests := map[string]func(ours *conn, theirs net.Conn){
		"draining, no request": func(ours *conn, _ net.Conn) { ours.turn.draining.Store(true) },
		"draining, answered": func(ours *conn, theirs net.Conn) {
			ours.turn.draining.Store(true)
			theirs.Write([]byte("GET"))
			io.ReadFull(ours, make([]byte, 3))
			ours.Write([]byte("302"))
		},
		"draining, a second close": func(ours *conn, theirs net.Conn) {
			ours.turn.draining.Store(true)
			theirs.Write([]byte("GET"))
			io.ReadFull(ours, make([]byte, 3))
			ours.Close()
		},
		"not draining": func(ours *conn, theirs net.Conn) {
			theirs.Write([]byte("GET"))
			io.ReadFull(ours, make([]byte, 3))
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			ours, theirs := pair(t)
			prepare(ours, theirs)
			ours.Close()
			if _, err := ours.TCPConn.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
				t.Errorf("writing after the close: %v, want that it is closed", err)
			}
		})
	}
}

func TestRequestAfterTheCloseIsNotSeen(t *testing.T) {
	var draining turn
	if !draining.end() || draining.begin() {
		t.Error("a request began on a connection that was closed")
	}
}
