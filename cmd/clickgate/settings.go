package main

import (
	"os"
	"slices"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/clickgate/clickgate/internal/boot"
)

// addSettingsFlags gives cmd the flags of the boot settings named, or all of
// them, and --config.
func addSettingsFlags(cmd *cobra.Command, only ...string) {
	cmd.Flags().String("config", "", "boot settings, a YAML file (environment: CLICKGATE_CONFIG)")
	for _, o := range boot.Overrides {
		if len(only) == 0 || slices.Contains(only, o.Flag) {
			cmd.Flags().String(o.Flag, "", o.Usage+" (environment: "+o.Env()+")")
		}
	}
}

// loadSettings reads the boot settings of cmd: file, then environment, then
// flags.
func loadSettings(cmd *cobra.Command) (boot.Settings, error) {
	file, _ := cmd.Flags().GetString("config")
	if file == "" {
		file = os.Getenv(boot.EnvPrefix + "CONFIG")
	}
	s, err := boot.Load(file, func(flag string) (string, bool) {
		if f := cmd.Flags().Lookup(flag); f != nil && f.Changed {
			return f.Value.String(), true
		}
		return os.LookupEnv(boot.EnvName(flag))
	})
	if err != nil {
		return s, mistakeError{err}
	}
	return s, nil
}

// newLogger returns the process's log on standard error.
func newLogger(s boot.Log) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(s.Level)
	if err != nil {
		return nil, err
	}
	c := zap.NewProductionConfig()
	c.Level = zap.NewAtomicLevelAt(level)
	c.Encoding = s.Format
	c.EncoderConfig.EncodeTime = zapcore.ISO8601TimeEncoder
	c.DisableCaller, c.DisableStacktrace = true, true
	if s.Format == "console" {
		c.EncoderConfig.EncodeLevel = zapcore.CapitalLevelEncoder
	}
	return c.Build()
}
