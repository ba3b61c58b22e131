// Package boot holds the settings that need a restart: listeners, data folder,
// NATS, trusted proxies, databases and lists. They come from one YAML file,
// environment variables and flags, the later winning over the earlier.
package boot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/clickgate/clickgate/attribution/store"
	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/listen"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/clientip"
	"github.com/clickgate/clickgate/postback/worker"
	"github.com/clickgate/clickgate/site"
)

// Settings are all boot settings. Their zero value is not useful: start from
// Default.
type Settings struct {
	// DataDir holds everything the process keeps.
	DataDir string `yaml:"data_dir"`
	// Node names this process in event rows and click ids; empty is the host
	// name.
	Node string `yaml:"node"`
	// Apply are files or folders of documents to apply at start.
	Apply []string `yaml:"apply"`

	Edge     Edge              `yaml:"edge"`
	ClientIP clientip.Settings `yaml:"client_ip"`
	Geo      geo.Options       `yaml:"geo"`
	// Categories are the lists of web sites by what they are.
	Categories site.Options `yaml:"categories"`
	Devices    Devices      `yaml:"devices"`
	Filters    Filters      `yaml:"filters"`
	Events     Events       `yaml:"events"`
	// Attribution is where clicks wait for their conversions, Postbacks what is
	// called.
	Attribution store.Settings  `yaml:"attribution"`
	Postbacks   worker.Settings `yaml:"postbacks"`

	NATS    NATS    `yaml:"nats"`
	Control Control `yaml:"control"`
	Ops     Ops     `yaml:"ops"`
	Log     Log     `yaml:"log"`
}

// Edge are the settings of the visitors' side.
type Edge struct {
	Listen        string `yaml:"listen"`
	edge.Settings `yaml:",inline"`
	HTTP          listen.Settings `yaml:"http"`
}

// Events are the settings of the event log.
type Events struct {
	// MaxAge and MaxBytes bound what the stream keeps.
	MaxAge   time.Duration `yaml:"max_age"`
	MaxBytes int64         `yaml:"max_bytes"`
	// FastMode answers visitors without waiting for the acknowledgement.
	FastMode bool `yaml:"fast_mode"`
}

// NATS says which server holds the event log and the live config.
type NATS struct {
	// URL is an external server or cluster; empty runs one in the process.
	URL string `yaml:"url"`
	// Credentials is a NATS credentials file for the URL.
	Credentials string `yaml:"credentials"`
	// Replicas of streams and buckets in a cluster, 1 to 5.
	Replicas int `yaml:"replicas"`
}

// Control are the settings of the control API.
type Control struct {
	Listen string `yaml:"listen"`
	// TLSCert and TLSKey are PEM files, both or none; they are read again when
	// they change.
	TLSCert string `yaml:"tls_cert"`
	TLSKey  string `yaml:"tls_key"`
	// Organization is the one that the owner of the first key makes things for
	// when he names none; empty takes the only one there is.
	Organization string `yaml:"organization"`
	// RateLimit is how many requests a second one key may make, RateBurst how
	// many at once.
	RateLimit float64 `yaml:"rate_limit"`
	RateBurst int     `yaml:"rate_burst"`
	// BodyLimit bounds a request body, in bytes.
	BodyLimit int64 `yaml:"body_limit"`
	// AllowedOrigins may use the API from a browser: "https://ui.example.com".
	AllowedOrigins []string `yaml:"allowed_origins"`
	// WaitForEdges bounds how long an answer waits until the edges serve its
	// change.
	WaitForEdges time.Duration `yaml:"wait_for_edges"`
}

// Ops are the settings of the operators' listener.
type Ops struct {
	Listen string `yaml:"listen"`
	// DemoPages serves a landing page and a fallback page below /demo/, so
	// that the demo's links lead somewhere without the internet.
	DemoPages bool `yaml:"demo_pages"`
}

// Log are the settings of the process's own log.
type Log struct {
	// Level is debug, info, warn or error; Format is console or json.
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// Default returns the settings that hold where nobody says otherwise.
func Default() Settings {
	return Settings{
		DataDir:  "./data",
		Edge:     Edge{Listen: ":8080", Settings: edge.Settings{}, HTTP: listen.Default()},
		ClientIP: clientip.Settings{Headers: clientip.Default().Headers},
		Filters:  Filters{TrackedKeys: 2_000_000, SaveEvery: time.Minute},
		Events:   Events{MaxAge: 7 * 24 * time.Hour, MaxBytes: 16 << 30},
		NATS:     NATS{Replicas: 1},

		Attribution: store.Default(),
		Postbacks:   worker.Default(),
		Control: Control{
			Listen: "127.0.0.1:8081", RateLimit: 100, RateBurst: 300, BodyLimit: 4 << 20, WaitForEdges: time.Second,
		},
		Ops: Ops{Listen: "127.0.0.1:9090"},
		Log: Log{Level: "info", Format: "console"},
	}
}

// Load reads a boot file over the defaults, then the overrides that lookup
// knows by the names of their flags, and validates the result. file may be
// empty. Relative paths in the file are relative to it, but for data_dir,
// which is relative to the working directory. The error lists every mistake.
func Load(file string, lookup func(flag string) (value string, ok bool)) (Settings, error) {
	s := Default()
	if err := s.read(file); err != nil {
		return s, err
	}
	for _, o := range Overrides {
		if value, ok := lookup(o.Flag); ok {
			o.set(&s, value)
		}
	}
	if err := s.Validate(); err != nil {
		return s, inFile(file, err)
	}
	return s, nil
}

func (s *Settings) read(file string) error {
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read boot settings: %w", err)
	}
	if err := decode(data, s); err != nil {
		return inFile(file, err)
	}
	s.resolvePaths(filepath.Dir(file))
	return nil
}

// decode fills s from one YAML document. Unknown and duplicate fields, wrong
// types and a second document are mistakes.
func decode(data []byte, s *Settings) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("one YAML document is allowed, and something follows it")
	}
	return nil
}

// inFile prefixes every line of err with the file.
func inFile(file string, err error) error {
	var typed *yaml.TypeError
	lines := strings.Split(err.Error(), "\n")
	if errors.As(err, &typed) {
		lines = typed.Errors
	}
	for i, line := range lines {
		line = strings.ReplaceAll(strings.TrimPrefix(line, "yaml: "), " in type boot.", " in ")
		if rest, ok := strings.CutPrefix(line, "line "); ok {
			lines[i] = file + ":" + rest
			continue
		}
		lines[i] = line
		if file != "" {
			lines[i] = file + ": " + line
		}
	}
	return errors.New(strings.Join(lines, "\n"))
}

func (s *Settings) resolvePaths(dir string) {
	s.Geo, s.Categories = s.Geo.In(dir), s.Categories.In(dir)
	for i, path := range s.Apply {
		s.Apply[i] = below(dir, path)
	}
	s.Devices.RulesFile = below(dir, s.Devices.RulesFile)
	for i, path := range s.Devices.BotPatterns {
		s.Devices.BotPatterns[i] = below(dir, path)
	}
	s.NATS.Credentials = below(dir, s.NATS.Credentials)
	s.Control.TLSCert, s.Control.TLSKey = below(dir, s.Control.TLSCert), below(dir, s.Control.TLSKey)
}

func below(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// Validate reports every mistake in the settings, each with its path and what
// is allowed.
func (s *Settings) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(s.DataDir != "", "data_dir: must not be empty")
	checkAddress := func(path, addr string) {
		if _, _, err := net.SplitHostPort(addr); err != nil {
			errs = append(errs, fmt.Errorf("%s: %q is not host:port, such as 127.0.0.1:8080", path, addr))
		}
	}
	checkAddress("edge.listen", s.Edge.Listen)
	checkAddress("control.listen", s.Control.Listen)
	checkAddress("ops.listen", s.Ops.Listen)
	check(s.Filters.TrackedKeys >= 1000 && s.Filters.TrackedKeys <= 1<<32, "filters.tracked_keys: %d is not between 1000 and %d", s.Filters.TrackedKeys, int64(1)<<32)
	for name, n := range map[string]int{"rate_bytes": s.Filters.RateBytes, "ledger_bytes": s.Filters.LedgerBytes, "unique_keys": s.Filters.UniqueKeys} {
		check(n == 0 || n >= 1000 && n <= 1<<36, "filters.%s: %d is neither 0, the default, nor between 1000 and %d", name, n, int64(1)<<36)
	}
	check(s.Filters.SaveEvery >= time.Second && s.Filters.SaveEvery <= time.Hour, "filters.save_every: %s is not between 1s and 1h", s.Filters.SaveEvery)
	check(s.Events.MaxAge >= time.Minute, "events.max_age: %s is below 1m", s.Events.MaxAge)
	check(s.Events.MaxBytes >= 1<<20, "events.max_bytes: %d is below 1 MiB (1048576)", s.Events.MaxBytes)
	check(s.NATS.Replicas >= 1 && s.NATS.Replicas <= 5, "nats.replicas: %d is not between 1 and 5", s.NATS.Replicas)
	check((s.Control.TLSCert == "") == (s.Control.TLSKey == ""), "control.tls_cert and control.tls_key: set both or none")
	check(s.Control.RateLimit > 0 && s.Control.RateLimit <= 1e6, "control.rate_limit: %v is not above 0 and at most 1000000", s.Control.RateLimit)
	check(s.Control.RateBurst >= 1 && s.Control.RateBurst <= 1e6, "control.rate_burst: %d is not between 1 and 1000000", s.Control.RateBurst)
	check(s.Control.BodyLimit >= 1<<10 && s.Control.BodyLimit <= 64<<20, "control.body_limit: %d is not between 1024 and %d", s.Control.BodyLimit, 64<<20)
	check(s.Control.WaitForEdges >= 0 && s.Control.WaitForEdges <= 30*time.Second, "control.wait_for_edges: %s is not between 0s and 30s", s.Control.WaitForEdges)
	for i, origin := range s.Control.AllowedOrigins {
		u, err := url.Parse(origin)
		check(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && origin == u.Scheme+"://"+u.Host,
			"control.allowed_origins[%d]: %q is no origin such as https://ui.example.com", i, origin)
	}
	check(s.NATS.URL != "" || s.NATS.Credentials == "", "nats.credentials: set without nats.url")
	check(slices.Contains(logLevels, s.Log.Level), "log.level: %q is not one of %s", s.Log.Level, strings.Join(logLevels, ", "))
	check(slices.Contains(logFormats, s.Log.Format), "log.format: %q is not one of %s", s.Log.Format, strings.Join(logFormats, ", "))
	_, err := clientip.New(s.ClientIP)
	errs = append(errs, prefixed("client_ip", err), prefixed("geo", s.Geo.Validate()), prefixed("categories", s.Categories.Validate()), prefixed("edge.http", s.Edge.HTTP.Validate()),
		prefixed("attribution", s.Attribution.Validate()), prefixed("postbacks", s.Postbacks.Validate()))
	return errors.Join(errs...)
}

var (
	logLevels  = []string{"debug", "info", "warn", "error"}
	logFormats = []string{"console", "json"}
)

// prefixed puts a path before every line of err.
func prefixed(path string, err error) error {
	if err == nil {
		return nil
	}
	return errors.New(path + "." + strings.ReplaceAll(err.Error(), "\n", "\n"+path+"."))
}
