package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/clickgate/clickgate/config"
)

func TestExitStatus(t *testing.T) {
	tests := map[string]struct {
		err  error
		want int
	}{
		"a document's mistake": {fmt.Errorf("apply: %w", config.Problems{{Message: "x"}}), exitMistake},
		"a setting's mistake":  {mistakeError{errors.New("x")}, exitMistake},
		"the server is away":   {errors.New("x"), exitFailure},
	}
	for name, tt := range tests {
		if got := exitStatus(tt.err); got != tt.want {
			t.Errorf("%s: exit status %d, want %d", name, got, tt.want)
		}
	}
}
