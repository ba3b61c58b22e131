package state

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// SaveFile replaces a file by a snapshot in one step: whoever reads it, also
// after a power cut, finds the old one or the new. Only the owner can read it.
// Calls wait for each other.
func (m *Memory) SaveFile(path string, nowMS int64) (err error) {
	m.saving.Lock()
	defer m.saving.Unlock()
	// Always the same name, so that kills leave one such file at the most.
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := m.Save(f, nowMS); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename in dir last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return nil
}

// LoadFile is Load from a file. When there is none, the memory is empty and
// the error is fs.ErrNotExist.
func LoadFile(path string, nowMS int64, o Options) (*Memory, error) {
	f, err := os.Open(path)
	if err != nil {
		return NewMemory(o), fmt.Errorf("load state: %w", err)
	}
	defer f.Close()
	m, err := Load(bufio.NewReaderSize(f, 1<<20), nowMS, o)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return m, err
}
