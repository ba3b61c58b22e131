package natsrv

import (
	"errors"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

func TestErrorsHideSecrets(t *testing.T) {
	// Port 1 is nobody's.
	_, err := Reach(Remote{URLs: []string{"nats://s3cret@127.0.0.1:1", "nats://user:s3cret@127.0.0.1:1"}}, "test")
	if err == nil {
		t.Fatal("a server answers on port 1")
	}
	if strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "127.0.0.1:1,127.0.0.1:1") {
		t.Errorf("the error says %q, want the addresses without their secrets", err)
	}
}

func TestComplaintsAreNotRepeated(t *testing.T) {
	core, logs := observer.New(zapcore.WarnLevel)
	c := &complaint{log: zap.New(core)}
	for range 5 {
		c.say(errors.New("authorization violation"))
	}
	c.say(errors.New("connection refused"))
	if n := logs.Len(); n != 2 {
		t.Errorf("%d lines for two reasons, want 2", n)
	}
	c.at = c.at.Add(-complainEvery)
	c.say(errors.New("connection refused"))
	if n := logs.Len(); n != 3 {
		t.Errorf("%d lines, want the same reason again after %s", n, complainEvery)
	}
}
