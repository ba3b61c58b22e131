package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	// requestTime bounds one download: 100 MB take it at 3 Mbit/s.
	requestTime  = 5 * time.Minute
	dialTime     = 10 * time.Second
	headerTime   = 30 * time.Second
	maxRedirects = 5
)

func newClient() *http.Client {
	return &http.Client{
		Timeout:       requestTime,
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: dialTime}).DialContext,
			TLSHandshakeTimeout:   dialTime,
			ResponseHeaderTimeout: headerTime,
			// A source is asked once a day: nothing is kept open for it.
			DisableKeepAlives: true,
			ForceAttemptHTTP2: true,
		},
	}
}

// checkRedirect follows a few redirects, and none that gives up encryption.
func checkRedirect(to *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if via[0].URL.Scheme == "https" && to.URL.Scheme != "https" {
		return fmt.Errorf("redirected from https to %s://%s", to.URL.Scheme, to.URL.Host)
	}
	return nil
}

// answer is what a source says.
type answer struct {
	same bool // it has nothing but what the validators name
	data []byte
	validators
}

// validators name a version of a source's content, in the source's own words.
type validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
}

// ask requests the source's content, if it is another than known. The content
// is unpacked and has at most d.remote.MaxBytes.
func (d *download) ask(ctx context.Context, known validators) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.remote.URL, nil)
	if err != nil {
		return answer{}, errors.New("is no URL")
	}
	request.Header.Set("User-Agent", "clickgate")
	if known.ETag != "" {
		request.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		request.Header.Set("If-Modified-Since", known.LastModified)
	}
	response, err := d.client.Do(request)
	if err != nil {
		return answer{}, withoutURL(err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotModified && known != (validators{}):
		return answer{same: true, validators: known}, nil
	case response.StatusCode != http.StatusOK:
		return answer{}, fmt.Errorf("the server answers %d %s", response.StatusCode, http.StatusText(response.StatusCode))
	}
	data, err := readUpTo(response.Body, d.remote.MaxBytes)
	if err != nil {
		return answer{}, fmt.Errorf("read the answer: %w", withoutURL(err))
	}
	if data, err = unpack(data, d.remote.MaxBytes); err != nil {
		return answer{}, err
	}
	h := response.Header
	return answer{data: data, validators: validators{ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified")}}, nil
}

// withoutURL takes the URL out of an error: it may hold a key.
func withoutURL(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		return inURL.Err
	}
	return err
}

// readUpTo reads all of r, which must not be longer than limit.
func readUpTo(r io.Reader, limit int64) ([]byte, error) {
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fmt.Errorf("the content has more than %d bytes", limit)
	}
	return b.Bytes(), nil
}
