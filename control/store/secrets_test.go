package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/clickgate/clickgate/internal/natsrv/natstest"
)

func secretsOf(js jetstream.JetStream, dir string) *Secrets {
	return NewSecrets(js, SecretsOptions{Dir: dir, Grace: 200 * time.Millisecond})
}

func getSecret(t *testing.T, s *Secrets, name string, create func() ([]byte, error)) []byte {
	t.Helper()
	v, err := s.GetOrCreate(t.Context(), name, create)
	if err != nil {
		t.Fatalf("get %s: %v", name, err)
	}
	return v
}

func constant(v string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(v), nil }
}

func never() ([]byte, error) { return nil, errors.New("created again") }

func TestSecretIsMadeOnce(t *testing.T) {
	n := startServer(t)
	const nodes = 6
	got := make([][]byte, nodes)
	var all sync.WaitGroup
	for i := range nodes {
		s := secretsOf(n.JetStream(), t.TempDir())
		all.Go(func() {
			var err error
			if got[i], err = s.GetOrCreate(t.Context(), "keys", constant(fmt.Sprint("node ", i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range got {
		if !bytes.Equal(got[i], got[0]) {
			t.Errorf("node %d has %q, node 0 has %q", i, got[i], got[0])
		}
	}
	if v := getSecret(t, secretsOf(n.JetStream(), ""), "keys", never); !bytes.Equal(v, got[0]) {
		t.Errorf("a new node has %q", v)
	}
}

func TestSecretWithoutServer(t *testing.T) {
	n := startServer(t)
	dir := t.TempDir()
	getSecret(t, secretsOf(n.JetStream(), dir), "keys", constant("secret"))
	path := dir + "/secrets/keys"
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: %v, %v", info, err)
	}
	n.Stop()
	js := n.JetStream()
	if v := getSecret(t, secretsOf(js, dir), "keys", never); string(v) != "secret" {
		t.Errorf("from disk: %q", v)
	}
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if v, err := secretsOf(js, t.TempDir()).GetOrCreate(short, "keys", constant("invented")); err == nil {
		t.Errorf("without server and copy a node invents %q", v)
	}

	data, _ := os.ReadFile(path)
	damaged := bytes.Replace(data, []byte(`"value":"c2V`), []byte(`"value":"c2W`), 1)
	if bytes.Equal(damaged, data) {
		t.Fatalf("nothing was damaged in %s", data)
	}
	writeTestFile(t, path, damaged)
	short, cancel = context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if v, err := secretsOf(js, dir).GetOrCreate(short, "keys", never); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a damaged copy gives %q, %v", v, err)
	}
	n.Start()
	if v := getSecret(t, secretsOf(js, dir), "keys", never); string(v) != "secret" {
		t.Errorf("with the server back: %q", v)
	}
	n.Stop()
	if v := getSecret(t, secretsOf(js, dir), "keys", never); string(v) != "secret" {
		t.Errorf("the damaged copy was not replaced: %q", v)
	}
}

// A bucket that was lost gets back the secret that nodes still have.
func TestSecretOutlivesItsBucket(t *testing.T) {
	n := startServer(t)
	js, dir := n.JetStream(), t.TempDir()
	getSecret(t, secretsOf(js, dir), "keys", constant("old"))
	if err := js.DeleteKeyValue(t.Context(), DefaultSecretsBucket); err != nil {
		t.Fatal(err)
	}
	natstest.Remake(t, func() error {
		_, err := secretsOf(js, dir).GetOrCreate(t.Context(), "keys", constant("new"))
		return err
	})
	if v := getSecret(t, secretsOf(js, ""), "keys", never); string(v) != "old" {
		t.Errorf("the new bucket holds %q", v)
	}
}

// Updates at once are made one after the other.
func TestSecretUpdates(t *testing.T) {
	n := startServer(t)
	if err := secretsOf(n.JetStream(), "").Update(t.Context(), "keys", untouched); !errors.Is(err, jetstream.ErrKeyNotFound) && !errors.Is(err, jetstream.ErrBucketNotFound) {
		t.Errorf("no such secret: %v", err)
	}
	getSecret(t, secretsOf(n.JetStream(), ""), "keys", constant(""))
	var all sync.WaitGroup
	for range 5 {
		s := secretsOf(n.JetStream(), "")
		all.Go(func() {
			for range 4 {
				if err := s.Update(t.Context(), "keys", func(v []byte) ([]byte, error) { return append(v, 'x'), nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if v := getSecret(t, secretsOf(n.JetStream(), ""), "keys", never); len(v) != 20 {
		t.Errorf("after 20 updates it is %q", v)
	}
	refused := errors.New("refused")
	if err := secretsOf(n.JetStream(), "").Update(t.Context(), "keys", func([]byte) ([]byte, error) { return nil, refused }); !errors.Is(err, refused) {
		t.Errorf("a change that is refused: %v", err)
	}
}

func untouched([]byte) ([]byte, error) { return nil, errors.New("changed what is not there") }

func TestSecretErrors(t *testing.T) {
	n := startServer(t)
	s := secretsOf(n.JetStream(), t.TempDir())
	for _, name := range []string{"", "../x", "a.b", "a b", strings.Repeat("x", 65)} {
		if _, err := s.GetOrCreate(t.Context(), name, constant("v")); err == nil {
			t.Errorf("the name %q is accepted", name)
		}
	}
	broken := errors.New("no entropy")
	if _, err := s.GetOrCreate(t.Context(), "keys", func() ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("create's error becomes %v", err)
	}
}

func TestWatchSecret(t *testing.T) {
	n := startServer(t)
	js, dir := n.JetStream(), t.TempDir()
	values := make(chan string, 100)
	ctx, cancel := context.WithCancel(t.Context())
	var watch sync.WaitGroup
	watch.Go(func() {
		secretsOf(js, dir).Watch(ctx, "keys", func(v []byte) { values <- string(v) })
	})
	defer watch.Wait()
	defer cancel()
	expect := func(want string) {
		t.Helper()
		select {
		case got := <-values:
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		case <-time.After(patient):
			t.Fatalf("%q never came", want)
		}
	}
	getSecret(t, secretsOf(n.JetStream(), ""), "keys", constant("one"))
	expect("one")
	try := func(value string) error {
		// A server that has just come back may leave a request unanswered.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		kv, err := js.KeyValue(ctx, DefaultSecretsBucket)
		if err == nil {
			_, err = kv.PutString(ctx, "keys", value)
		}
		if err == nil {
			_, err = kv.PutString(ctx, "others", value)
		}
		return err
	}
	put := func(value string) {
		t.Helper()
		eventually(t, "a value is written", func() bool { return try(value) == nil })
	}
	put("one")
	put("two")
	expect("two")
	n.Stop()
	n.Start()
	eventually(t, "the connection is back", js.Conn().IsConnected)
	put("three")
	expect("three")
	if copied, err := secretsOf(js, dir).readCopy("keys"); err != nil || string(copied) != "three" {
		t.Errorf("the copy holds %q, %v", copied, err)
	}
}
