package store

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

func TestDamagedLastGood(t *testing.T) {
	n := startServer(t)
	s := n.open()
	dir := t.TempDir()
	commit(t, s, 0, Change{Puts: advertisers(3, "one")})
	first := startEdge(t, n.JetStream(), dir, nil)
	first.live(1, SourceStore)
	first.end()
	n.Stop()
	good, err := os.ReadFile(lastGoodPath(dir))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(good) {
		t.Fatalf("not JSON: %s", good)
	}
	for name, bad := range map[string][]byte{
		"empty":                {},
		"cut short":            good[:len(good)-20],
		"another name":         bytes.Replace(good, []byte(`"one"`), []byte(`"two"`), 1),
		"a document less":      append(bytes.Join(bytes.Split(good, []byte(",\n"))[:2], []byte(",\n")), "]}"...),
		"a field too much":     bytes.Replace(good, []byte(`"name"`), []byte(`"nome"`), 1),
		"an unknown kind":      bytes.Replace(good, []byte(`"kind":"advertiser"`), []byte(`"kind":"x"`), 1),
		"another format":       bytes.Replace(good, []byte(`"format":2`), []byte(`"format":3`), 1),
		"no version":           bytes.Replace(good, []byte(`"version":1`), []byte(`"version":0`), 1),
		"no document, no head": []byte("{}"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeTestFile(t, lastGoodPath(dir), bad)
			e := startEdge(t, n.JetStream(), dir, nil)
			eventually(t, "the file is reported", func() bool { return e.Status().DiskErr != nil })
			if err := e.Status().DiskErr; !strings.Contains(err.Error(), "last-good.json is not usable: ") {
				t.Errorf("report %q does not say which file and why", err)
			}
			eventually(t, "the store is reported", func() bool { return e.Status().StoreErr != nil })
			e.end()
			if got := e.updates(); len(got) > 0 {
				t.Errorf("version %d was applied", got[0].Version)
			}
		})
	}
}

func writeTestFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(path[:strings.LastIndexByte(path, '/')], 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestUnwritableDisk(t *testing.T) {
	n := startServer(t)
	s := n.open()
	dir := t.TempDir()
	writeTestFile(t, dir+"/config", []byte("a file where the folder should be"))
	e := &testEdge{tb: t}
	e.Follower = NewFollower(n.JetStream(), FollowerOptions{Dir: dir, SaveEvery: time.Millisecond}, e.apply)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	e.live(commit(t, s, 0, Change{Puts: advertisers(1, "one")}), SourceStore)
	eventually(t, "the disk is reported", func() bool { return e.Status().DiskErr != nil })
	if err := os.Remove(dir + "/config"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the disk holds the version once it can", func() bool { return e.Status().DiskErr == nil })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("run: %v", err)
	}
	if m, err := readLastGood(lastGoodPath(dir)); err != nil || m.head.Version != 1 {
		t.Errorf("on disk: %v, %v", m, err)
	}
}
