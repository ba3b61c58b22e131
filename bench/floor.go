package main

import (
	"net"
	"net/http"
	"os"

	"github.com/valyala/fasthttp"
)

// floorTarget is where the bare servers redirect to.
const floorTarget = "https://shop.example/landing?click_id=0123456789abcdef0123456789abcdef&sub_id=abc"

// serveFloor is a bare server: it redirects and does nothing else. It listens
// on the address in the environment until it is stopped.
func serveFloor(kind string) error {
	l, err := net.Listen("tcp", os.Getenv("BENCH_FLOOR_ADDR"))
	if err != nil {
		return err
	}
	if kind == "nethttp" {
		return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", floorTarget)
			w.WriteHeader(http.StatusFound)
		}))
	}
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Set("Location", floorTarget)
		ctx.SetStatusCode(fasthttp.StatusFound)
	}}
	return s.Serve(l)
}
