package natsrv

import (
	"fmt"

	"go.uber.org/zap"
)

// logger passes the server's warnings and errors on. Its notices are about
// every start and stop and stay out of a quiet log.
type logger struct {
	to    *zap.SugaredLogger
	fatal chan string // takes the first fatal error
}

func (l logger) Noticef(format string, v ...any) { l.to.Debugf(format, v...) }
func (l logger) Warnf(format string, v ...any)   { l.to.Warnf(format, v...) }
func (l logger) Errorf(format string, v ...any)  { l.to.Errorf(format, v...) }
func (l logger) Debugf(format string, v ...any)  { l.to.Debugf(format, v...) }
func (l logger) Tracef(string, ...any)           {}

// Fatalf tells Start why the server does not become ready. Only main ends the
// process.
func (l logger) Fatalf(format string, v ...any) {
	l.to.Errorf(format, v...)
	select {
	case l.fatal <- fmt.Sprintf(format, v...):
	default:
	}
}
