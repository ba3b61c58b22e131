package natstest

import (
	"testing"

	"go.uber.org/goleak"
)

// VerifyTestMain fails when goroutines outlive the tests of a package that
// start NATS servers. Those that a server of NATS may leave behind itself are
// not counted: a stream that is made while its server stops is never closed,
// and the clock of its file runs on; a stream that sources another ends in its
// own time.
func VerifyTestMain(m *testing.M, options ...goleak.Option) {
	goleak.VerifyTestMain(m, append(options,
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server/ats.Register.func1"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*stream).trySetupSourceConsumer.func3"),
	)...)
}
