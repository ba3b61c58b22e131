// Package pebblelog lets pebble write to the process's log.
package pebblelog

import "go.uber.org/zap"

// Logger is a pebble.Logger that is quiet about pebble's daily work.
type Logger struct{ to *zap.SugaredLogger }

// New returns a Logger that writes to a log.
func New(to *zap.Logger) Logger { return Logger{to.Named("pebble").Sugar()} }

// Infof tells of daily work.
func (l Logger) Infof(format string, args ...any) { l.to.Debugf(format, args...) }

// Errorf tells of what pebble tries again.
func (l Logger) Errorf(format string, args ...any) { l.to.Errorf(format, args...) }

// Fatalf must not return: memory and disk disagree. After a restart whoever
// reads the event log goes on from the place in it that is on disk.
func (l Logger) Fatalf(format string, args ...any) { l.to.Panicf(format, args...) }
