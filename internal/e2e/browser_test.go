package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserPath is the Chromium that the tests drive: what CHROME names, else what
// the path has.
func browserPath() (path string, ok bool) {
	names := []string{os.Getenv("CHROME")}
	if names[0] == "" {
		names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell", "headless_shell"}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// tab is a visitor's browser, with a profile of its own.
type tab struct {
	tb  testing.TB
	ctx context.Context

	mu     sync.Mutex
	errors []string // that pages have not caught
}

// What a visitor may have set in his browser, as Chromium keeps it.
const (
	ordinary    = `{}`
	allBlocked  = `{"profile": {"default_content_setting_values": {"cookies": 2}}}`
	preferences = "Default/Preferences"
)

// openBrowser starts a browser with a visitor's preferences, or skips the test
// where there is none.
func openBrowser(t *testing.T, settings string) *tab {
	t.Helper()
	path, ok := browserPath()
	if !ok {
		t.Skip("no Chromium: install one, or name it in CHROME, to run this test")
	}
	profile := t.TempDir()
	if err := os.MkdirAll(filepath.Join(profile, "Default"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, preferences), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.UserAgent(android), chromedp.WSURLReadTimeout(patient),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to start with one
	}
	b := &tab{tb: t}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, leave := chromedp.NewContext(allocator)
	b.ctx = ctx
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser's end; it may have ended by itself
		leave()
		stop()
		b.wantNoErrors()
	})
	// Without a time-out: the browser would live no longer than that.
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return b
}

func (b *tab) listen(event any) {
	e, ok := event.(*runtime.EventExceptionThrown)
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors = append(b.errors, (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
}

// wantNoErrors: the script throws nothing into a page.
func (b *tab) wantNoErrors() {
	b.tb.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errors) != 0 {
		b.tb.Errorf("pages saw errors: %q", b.errors)
	}
}

// do acts as the visitor.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.tb.Fatalf("%s: %v", what, err)
	}
}

func (b *tab) open(url string) {
	b.tb.Helper()
	b.do("open "+url, chromedp.Navigate(url))
}

func (b *tab) press(selector string) {
	b.tb.Helper()
	b.do("press "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// try evaluates an expression of the page's, as a text.
func (b *tab) try(js string) (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[string]("String("+js+")"))
}

func (b *tab) eval(js string) string {
	b.tb.Helper()
	value, err := b.try(js)
	if err != nil {
		b.tb.Fatalf("evaluate %s: %v", js, err)
	}
	return value
}

// awaitPage waits until the browser shows a page of this path.
func (b *tab) awaitPage(path string) {
	b.tb.Helper()
	at := ""
	eventually(b.tb, func() string { return "the browser shows " + at + ", not " + path }, func() bool {
		// Between two pages there is nothing to ask.
		at, _ = b.try("location.pathname")
		return at == path
	})
}

// told waits for what the script tells the page's n-th callback and returns the
// status and the id.
func (b *tab) told(n int) (status, id string) {
	b.tb.Helper()
	js := fmt.Sprintf("told.length < %d ? '' : told[%d].status + ',' + told[%d].transaction_id", n, n-1, n-1)
	value := ""
	eventually(b.tb, func() string { return fmt.Sprintf("callback %d of %s was told nothing", n, b.eval("location.href")) }, func() bool {
		value, _ = b.try(js) // fails while the page loads
		return value != ""
	})
	status, id, _ = strings.Cut(value, ",")
	return status, id
}
