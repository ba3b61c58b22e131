package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// DefaultSecretsBucket is the bucket of secrets.
const DefaultSecretsBucket = "clickgate_secrets"

// SecretsOptions say where secrets are kept.
type SecretsOptions struct {
	// Bucket is the name of the KV bucket; empty is DefaultSecretsBucket.
	Bucket string
	// Replicas is the number of servers that hold a bucket that has to be
	// made; 0 is 1.
	Replicas int
	// Dir is the data folder: copies are kept in secrets/<name>, readable by
	// their owner only. Empty keeps none.
	Dir string
	// Grace is how long GetOrCreate waits for NATS when there is a copy on
	// disk; 0 is 2 s.
	Grace time.Duration
	// Log may be nil.
	Log *zap.Logger
}

// Secrets are small values that all nodes share, such as the keys of click
// ids.
type Secrets struct {
	opts SecretsOptions
	b    bucket
}

// NewSecrets returns the secrets that js reaches; js's connection need not be
// up, and the bucket is made when the first secret is.
func NewSecrets(js jetstream.JetStream, opts SecretsOptions) *Secrets {
	if opts.Bucket == "" {
		opts.Bucket = DefaultSecretsBucket
	}
	if opts.Grace == 0 {
		opts.Grace = 2 * time.Second
	}
	if opts.Log == nil {
		opts.Log = zap.NewNop()
	}
	return &Secrets{opts: opts, b: bucket{js: js, name: opts.Bucket}}
}

// secretName is what fits a key of a bucket and a file.
var secretName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// GetOrCreate returns the secret of a name. Where there is none, it becomes
// the copy on disk, or else what create returns; of several nodes that try at
// once one succeeds and all return its value. When NATS is out of reach the
// copy on disk is returned, or the error when there is none: a node never
// invents a value of its own.
func (s *Secrets) GetOrCreate(ctx context.Context, name string, create func() ([]byte, error)) ([]byte, error) {
	if !secretName.MatchString(name) {
		return nil, fmt.Errorf("secret %q: want a name of 1 to 64 letters, digits, '-' or '_'", name)
	}
	copied, diskErr := s.readCopy(name)
	if diskErr == nil {
		create = func() ([]byte, error) { return copied, nil }
	}
	value, err := s.shared(ctx, name, create, diskErr == nil)
	switch {
	case err == nil:
		s.keepCopy(name, value)
		return value, nil
	case diskErr == nil:
		return copied, nil
	case errors.Is(diskErr, os.ErrNotExist):
		return nil, fmt.Errorf("secret %q: %w", name, err)
	}
	return nil, fmt.Errorf("secret %q: %w", name, errors.Join(err, diskErr))
}

// shared is GetOrCreate without the disk.
func (s *Secrets) shared(ctx context.Context, name string, create func() ([]byte, error), hurry bool) ([]byte, error) {
	if hurry {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.opts.Grace)
		defer cancel()
	}
	kv, err := s.bucket(ctx)
	if err != nil {
		return nil, err
	}
	for {
		e, err := kv.Get(ctx, name)
		if err == nil {
			return e.Value(), nil
		}
		if !errors.Is(err, jetstream.ErrKeyNotFound) {
			return nil, err
		}
		value, err := create()
		if err != nil {
			return nil, err
		}
		if _, err = kv.Create(ctx, name, value); err == nil {
			return value, nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return nil, err
		}
	}
}

// Update replaces the secret of a name by what change makes of it. When others
// change it meanwhile, change is asked again with their value. The error is
// change's own, or that there is no such secret.
func (s *Secrets) Update(ctx context.Context, name string, change func([]byte) ([]byte, error)) error {
	for {
		err := s.updateOnce(ctx, name, change)
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) { // nobody was faster
			return err
		}
	}
}

func (s *Secrets) updateOnce(ctx context.Context, name string, change func([]byte) ([]byte, error)) error {
	kv, err := s.bucket(ctx)
	if err != nil {
		return err
	}
	e, err := kv.Get(ctx, name)
	if err != nil {
		return fmt.Errorf("secret %q: %w", name, err)
	}
	value, err := change(e.Value())
	if err != nil {
		return err
	}
	_, err = kv.Update(ctx, name, value, e.Revision())
	return err
}

func (s *Secrets) bucket(ctx context.Context) (jetstream.KeyValue, error) {
	kv, err := s.b.js.KeyValue(ctx, s.opts.Bucket)
	if !errors.Is(err, jetstream.ErrBucketNotFound) {
		return kv, err
	}
	kv, err = s.b.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket:      s.opts.Bucket,
		Description: "clickgate: secrets that nodes share",
		History:     DefaultHistory,
		Replicas:    s.opts.Replicas,
	})
	if errors.Is(err, jetstream.ErrBucketExists) {
		return s.b.js.KeyValue(ctx, s.opts.Bucket)
	}
	return kv, err
}

// Watch calls changed with the secret of a name and again whenever it gets
// another value, until ctx ends. While NATS is out of reach it keeps trying.
// The copy on disk follows; what cannot be kept there does not stop Watch.
func (s *Secrets) Watch(ctx context.Context, name string, changed func([]byte)) {
	w := &secretWatch{s: s, name: name, changed: changed}
	s.b.forever(ctx, w.session, func(error) {})
}

// secretWatch is the memory of a Watch.
type secretWatch struct {
	s       *Secrets
	name    string
	changed func([]byte)
	last    []byte
}

func (w *secretWatch) session(ctx context.Context) error {
	at, err := w.catchUp(ctx)
	if err != nil {
		return err
	}
	return w.s.b.follow(ctx, &at, func(e entry) error {
		at.seq = e.seq
		w.take(e)
		return nil
	}, w.name)
}

// catchUp takes the secret's newest value.
func (w *secretWatch) catchUp(ctx context.Context) (position, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	at, err := w.s.b.end(ctx)
	if err != nil {
		return at, err
	}
	e, err := w.s.b.last(ctx, w.name)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return at, nil
	}
	if err == nil {
		at.seq = max(at.seq, e.seq)
		w.take(e)
	}
	return at, err
}

func (w *secretWatch) take(e entry) {
	if e.deleted || bytes.Equal(e.value, w.last) {
		return
	}
	w.last = bytes.Clone(e.value)
	w.s.keepCopy(w.name, e.value)
	w.changed(bytes.Clone(e.value))
}

// secretFile is a copy on disk.
type secretFile struct {
	Value  []byte `json:"value"`
	SHA256 string `json:"sha256"`
}

func (s *Secrets) path(name string) string { return filepath.Join(s.opts.Dir, "secrets", name) }

// keepCopy brings the copy on disk up to date. That it cannot is no reason to
// do without the secret: the next start may find NATS.
func (s *Secrets) keepCopy(name string, value []byte) {
	if s.opts.Dir == "" {
		return
	}
	if old, err := s.readCopy(name); err == nil && bytes.Equal(old, value) {
		return
	}
	err := writeFile(s.path(name), func(w io.Writer) error {
		return json.NewEncoder(w).Encode(secretFile{Value: value, SHA256: sum(value)})
	})
	if err != nil {
		s.opts.Log.Error("a secret cannot be kept on disk", zap.String("name", name), zap.Error(err))
	}
}

func (s *Secrets) readCopy(name string) ([]byte, error) {
	if s.opts.Dir == "" {
		return nil, os.ErrNotExist
	}
	data, err := os.ReadFile(s.path(name))
	if err != nil {
		return nil, err
	}
	var f secretFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(name), err)
	}
	if f.SHA256 != sum(f.Value) {
		return nil, fmt.Errorf("%s: the value does not have its checksum", s.path(name))
	}
	return f.Value, nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
