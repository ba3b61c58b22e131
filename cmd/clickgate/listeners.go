package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/clickgate/clickgate/control/serve"
	"github.com/clickgate/clickgate/edge/listen"
)

// listeners are where a node can be reached; those that its roles lack are nil.
type listeners struct {
	visitors, operators net.Listener
	server              *fasthttp.Server
	control             *serve.Server
}

// listen opens the listeners of a node's roles.
func (l *listeners) listen(ctx context.Context, n *node, r roles) (err error) {
	s := n.settings
	if r.visitors {
		if l.visitors, err = listen.Listen(s.Edge.Listen, s.Edge.HTTP, n.clientIP.Trusts); err != nil {
			return fmt.Errorf("visitors' listener: %w", err)
		}
		address := l.visitors.Addr().String()
		n.visitors.Store(&address)
		l.server = listen.NewServer(n.edge.Handle, s.Edge.HTTP)
	}
	if l.operators, err = net.Listen("tcp", s.Ops.Listen); err != nil {
		return fmt.Errorf("operators' listener: %w", err)
	}
	if r.control {
		l.control, err = n.listenControl(ctx, n.background)
	}
	return err
}

// close closes what is open, for a node that does not serve after all.
func (l *listeners) close() (err error) {
	for _, one := range []net.Listener{l.visitors, l.operators} {
		if one != nil {
			err = errors.Join(err, one.Close())
		}
	}
	return err
}

// serve serves on all listeners and returns where to hear of one that fails.
func (l *listeners) serve(n *node) <-chan error {
	failed := make(chan error, 3)
	if l.server != nil {
		go func() { failed <- l.server.Serve(l.visitors) }()
	}
	if l.control != nil {
		go func() { failed <- l.control.Serve() }()
	}
	go func() { failed <- n.ops.Serve(l.operators) }()
	return failed
}

// field is a listener's address for the log.
func (l *listeners) field(name string, one interface{ Addr() net.Addr }) zap.Field {
	switch one := one.(type) {
	case net.Listener:
		return zap.Stringer(name, one.Addr())
	case *serve.Server:
		if one != nil {
			return zap.Stringer(name, one.Addr())
		}
	}
	return zap.Skip()
}
