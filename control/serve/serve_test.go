package serve

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

// writePair makes a certificate for 127.0.0.1 with a serial number.
func writePair(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		// Files are told apart by their time, which ticks slowly on some disks.
		at := time.Unix(1_700_000_000+serial, 0)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

var ok = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })

func serving(t *testing.T, s Settings) *Server {
	t.Helper()
	s.Listen = "127.0.0.1:0"
	server, err := Listen(s, ok, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve() }()
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return server
}

// serial is that of the certificate a client is shown.
func serial(t *testing.T, s *Server) int64 {
	t.Helper()
	conn, err := tls.Dial("tcp", s.Addr().String(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the test looks at it itself
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestPlain(t *testing.T) {
	s := serving(t, Settings{})
	if !s.Loopback() {
		t.Error("127.0.0.1 is no loopback address")
	}
	resp, err := http.Get("http://" + s.Addr().String())
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
}

// A renewed certificate is taken over; a broken one is not.
func TestCertificateIsRenewed(t *testing.T) {
	dir := t.TempDir()
	cert, key := writePair(t, dir, 1)
	c := &certificate{cert: cert, key: key, log: zap.NewNop()}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	shown := func() int64 {
		c.checked = time.Time{} // as if checkEvery had passed
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	if got := shown(); got != 1 {
		t.Errorf("serial %d, want 1", got)
	}
	writePair(t, dir, 2)
	if got := shown(); got != 2 {
		t.Errorf("after the renewal serial %d, want 2", got)
	}
	if err := os.WriteFile(cert, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := shown(); got != 2 {
			t.Errorf("after a broken file serial %d, want 2", got)
		}
	}
	writePair(t, dir, 3)
	if got := shown(); got != 3 {
		t.Errorf("after it was mended serial %d, want 3", got)
	}
}

func TestTLS(t *testing.T) {
	cert, key := writePair(t, t.TempDir(), 5)
	s := serving(t, Settings{Cert: cert, Key: key})
	if got := serial(t, s); got != 5 {
		t.Errorf("serial %d, want 5", got)
	}
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11} //nolint:gosec // what must not work
	if conn, err := tls.Dial("tcp", s.Addr().String(), old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is accepted")
	}
}

func TestListenRefuses(t *testing.T) {
	dir := t.TempDir()
	cert, key := writePair(t, dir, 1)
	taken := serving(t, Settings{})
	for name, tc := range map[string]struct {
		s    Settings
		want string
	}{
		"a taken port":     {Settings{Listen: taken.Addr().String()}, "address already in use"},
		"no such file":     {Settings{Listen: "127.0.0.1:0", Cert: filepath.Join(dir, "none.pem"), Key: key}, "none.pem"},
		"a key of another": {Settings{Listen: "127.0.0.1:0", Cert: cert, Key: cert}, "control.tls_key"},
	} {
		if s, err := Listen(tc.s, ok, zap.NewNop()); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, %v, want an error with %q", name, s, err, tc.want)
		}
	}
}
