package natsrv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"
)

const (
	// lookEvery is how often the server is asked whether it still writes.
	lookEvery = 2 * time.Second
	// longestRest is the longest time between two attempts to start it again.
	longestRest = time.Minute
	// probeBytes is what the folder must take before it is worth an attempt.
	probeBytes = 16 << 20
)

// mend starts the server again when it has given up writing. After one failed
// write, be it for a full disk, nats-server takes nothing more for that stream
// until its next start, also when there is room again.
func (s *Server) mend() {
	defer close(s.mended)
	log := s.opt.Logger.Named("nats")
	rest := lookEvery
	for s.sleep(rest) {
		broken := s.broken()
		if broken == nil {
			rest = lookEvery
			continue
		}
		rest = min(2*rest, longestRest)
		if err := probe(s.opt.DataDir); err != nil {
			log.Error("the embedded server cannot write; it is started again when it can", zap.Error(err))
			continue
		}
		log.Warn("the embedded server is started again, since it has given up writing", zap.Error(broken))
		if err := s.restart(); err != nil {
			log.Error("the embedded server does not start", zap.Error(err))
		}
	}
}

// sleep tells false when the server is to be shut down instead.
func (s *Server) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.quit:
		return false
	}
}

// broken says what the server no longer writes, or that it does not run, as
// after a start that failed.
func (s *Server) broken() error {
	n := s.nats.Load()
	if !n.Running() {
		return errors.New("it does not run")
	}
	for _, e := range n.Healthz(&server.HealthzOptions{Details: true}).Errors {
		if strings.Contains(e.Error, "write error") {
			return errors.New(e.Error)
		}
	}
	return nil
}

// probe writes so much into a folder that it is worth going on, and takes it
// away again.
func probe(dir string) error {
	path := filepath.Join(dir, "nats.probe")
	defer os.Remove(path)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("try the data folder: %w", err)
	}
	defer f.Close()
	chunk := make([]byte, 1<<20)
	for range probeBytes / len(chunk) {
		if _, err := f.Write(chunk); err != nil {
			return fmt.Errorf("try the data folder: %w", err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("try the data folder: %w", err)
	}
	return nil
}

func (s *Server) restart() error {
	s.stop()
	return s.start()
}
