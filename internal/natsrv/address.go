package natsrv

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Files of the data folder by which another process finds the server.
const (
	tokenFile   = "nats.token"
	addressFile = "nats.json"
)

// address is the content of nats.json. The file is there while the server runs
// (and after a crash).
type address struct {
	URL string `json:"url"`
	PID int    `json:"pid"`
}

// loadToken reads the token of the loopback listener and makes it at the first
// start. Only the owner of the data folder can read it.
func loadToken(dir string) (string, error) {
	path := filepath.Join(dir, tokenFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		token := rand.Text()
		return token, writeFile(path, []byte(token+"\n"))
	}
	if err != nil {
		return "", fmt.Errorf("read token: %w", err)
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", fmt.Errorf("token file %q is empty; delete it to get a new token", path)
	}
	return token, nil
}

func writeAddress(dir, url string) error {
	content, err := json.Marshal(address{URL: url, PID: os.Getpid()})
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, addressFile), append(content, '\n'))
}

func readAddress(dir string) (a address, err error) {
	path := filepath.Join(dir, addressFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return a, fmt.Errorf("no server runs on data folder %q", dir)
	}
	if err != nil {
		return a, fmt.Errorf("find server: %w", err)
	}
	if err := json.Unmarshal(content, &a); err != nil {
		return a, fmt.Errorf("find server: %q: %w", path, err)
	}
	return a, nil
}

// writeFile replaces a file whole, readable by the owner only.
func writeFile(path string, content []byte) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return nil
}
