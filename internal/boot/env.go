package boot

import "strings"

// EnvPrefix stands before the name of every environment variable.
const EnvPrefix = "CLICKGATE_"

// Overrides are the settings that flags and environment variables can set, by
// the name of the flag.
var Overrides = []Override{
	{"data-dir", "folder that holds everything the process keeps", func(s *Settings, v string) { s.DataDir = v }},
	{"edge-listen", "address of the visitors' listener", func(s *Settings, v string) { s.Edge.Listen = v }},
	{"control-listen", "address of the control API", func(s *Settings, v string) { s.Control.Listen = v }},
	{"control-tls-cert", "certificate of the control API, a PEM file", func(s *Settings, v string) { s.Control.TLSCert = v }},
	{"control-tls-key", "key of the certificate, a PEM file", func(s *Settings, v string) { s.Control.TLSKey = v }},
	{"ops-listen", "address of the operators' listener (metrics, health)", func(s *Settings, v string) { s.Ops.Listen = v }},
	{"apply", "file or folder of documents to apply at start (comma-separated)", func(s *Settings, v string) { s.Apply = strings.Split(v, ",") }},
	{"node", "name of this process in event rows", func(s *Settings, v string) { s.Node = v }},
	{"nats-url", "NATS server or cluster to use instead of the embedded one", func(s *Settings, v string) { s.NATS.URL = v }},
	{"log-level", "debug, info, warn or error", func(s *Settings, v string) { s.Log.Level = v }},
	{"log-format", "console or json", func(s *Settings, v string) { s.Log.Format = v }},
}

// Override is one setting that a flag or an environment variable can set.
type Override struct {
	Flag, Usage string
	set         func(*Settings, string)
}

// Env is the name of the override's environment variable: CLICKGATE_DATA_DIR
// for data-dir.
func (o Override) Env() string { return EnvName(o.Flag) }

// EnvName is the environment variable of a flag.
func EnvName(flag string) string {
	return EnvPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
