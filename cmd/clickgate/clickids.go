package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/store"
	"github.com/clickgate/clickgate/internal/clickid"
)

// clickIDSecret is the name under which the keys of click ids are kept.
const clickIDSecret = "click_id"

// openIDs gets the keys of click ids, which all nodes share, and follows their
// rotation.
func (n *node) openIDs(ctx, background context.Context) error {
	secrets := store.NewSecrets(n.js, store.SecretsOptions{Dir: n.settings.DataDir, Replicas: n.settings.NATS.Replicas, Log: n.log})
	data, err := secrets.GetOrCreate(ctx, clickIDSecret, func() ([]byte, error) { return json.Marshal(clickid.NewKeys(time.Now())) })
	if err != nil {
		return fmt.Errorf("keys of click ids: %w", err)
	}
	var keys clickid.Keys
	if err := json.Unmarshal(data, &keys); err != nil {
		return fmt.Errorf("keys of click ids: %w", err)
	}
	number, err := nodeNumber(n.settings.DataDir)
	if err != nil {
		return err
	}
	if n.ids, err = clickid.NewGenerator(number, keys); err != nil {
		return err
	}
	n.tasks.Go(func() {
		secrets.Watch(background, clickIDSecret, func(data []byte) {
			var keys clickid.Keys
			if err := errors.Join(json.Unmarshal(data, &keys), n.ids.SetKeys(keys)); err != nil {
				n.log.Error("new keys of click ids are refused; the former ones stay", zap.Error(err))
			}
		})
	})
	return nil
}

// nodeNumber is the node's part of click ids: drawn at the first start and
// kept in the data folder, so that it differs between nodes.
func nodeNumber(dataDir string) (uint16, error) {
	path := filepath.Join(dataDir, "node-number")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		var drawn [2]byte
		rand.Read(drawn[:]) // never fails: it ends the process first
		text = strconv.AppendUint(nil, uint64(binary.BigEndian.Uint16(drawn[:])), 10)
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return 0, fmt.Errorf("node number: %w", err)
	}
	number, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 16)
	if err != nil {
		return 0, fmt.Errorf("node number in %s: %w", path, err)
	}
	return uint16(number), nil
}
