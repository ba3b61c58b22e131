package natsrv

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrInUse is wrapped by the error of Start when another process runs on the
// data folder.
var ErrInUse = errors.New("data folder is in use")

// lockDir takes the data folder for this process until the file is closed. The
// kernel frees it when the process dies. The file holds the process id.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "nats.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = inUse(dir, f)
	}
	if err == nil {
		err = writePID(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func inUse(dir string, f *os.File) error {
	pid, _ := io.ReadAll(io.LimitReader(f, 20))
	if len(pid) == 0 {
		return fmt.Errorf("%w: %q", ErrInUse, dir)
	}
	return fmt.Errorf("%w: %q by process %s", ErrInUse, dir, strings.TrimSpace(string(pid)))
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("lock data folder: %w", err)
	}
	if _, err := f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0); err != nil {
		return fmt.Errorf("lock data folder: %w", err)
	}
	return nil
}
