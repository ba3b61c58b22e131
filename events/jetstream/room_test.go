package jetstream

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAwaitRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("full")
		asked := 0
		room := func() error {
			if asked++; asked < 4 {
				return full
			}
			return nil
		}
		start := time.Now()
		if err := AwaitRoom(t.Context(), room); err != nil || asked != 4 || time.Since(start) != 3*roomEvery {
			t.Errorf("error %v, asked %d times in %v", err, asked, time.Since(start))
		}
		if err := AwaitRoom(t.Context(), nil); err != nil {
			t.Errorf("nobody to ask: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := AwaitRoom(ctx, func() error { return full }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("never room: %v", err)
		}
	})
}
