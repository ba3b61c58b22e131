package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// profile takes a CPU profile into a folder while the measurement runs. The
// function it returns waits for the profile.
func (s *server) profile(folder, name string, seconds int) (wait func()) {
	if folder == "" || s.ops == "" {
		return func() {}
	}
	done := make(chan error, 1)
	go func() {
		done <- fetchProfile(s.ops, seconds, filepath.Join(folder, strings.ReplaceAll(name, " ", "-")+".pprof"))
	}()
	return func() {
		if err := <-done; err != nil {
			fmt.Fprintln(os.Stderr, "profile:", err)
		}
	}
}

func fetchProfile(ops string, seconds int, file string) error {
	answer, err := http.Get(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", ops, seconds))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, answer.Body)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
