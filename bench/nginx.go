package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// geoipModule is where Debian's libnginx-mod-http-geoip2 puts its module.
const geoipModule = "/usr/lib/nginx/modules/ngx_http_geoip2_module.so"

// nginxTargets are nginx as a static redirect and nginx with work comparable
// to ours: a map of 10,000 links, a database look-up, a bot pattern, a rate
// zone and a buffered JSON log. why says what is missing where there are none.
func nginxTargets(dir string, seen func() traffic) (targets []target, why string) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		return nil, "nginx is not installed"
	}
	if _, err := os.Stat(geoipModule); err != nil {
		return nil, "nginx has no geoip2 module (" + geoipModule + ")"
	}
	return []target{
		{"nginx, static 302", nginxStarter(dir, nginx, nginxStatic), seen},
		{"nginx, comparable work", nginxStarter(dir, nginx, nginxWork), seen},
	}, ""
}

func nginxStarter(dir, nginx string, httpBlock func(home, addr string) (string, error)) func(context.Context) (*server, error) {
	return func(ctx context.Context) (*server, error) {
		home, err := os.MkdirTemp(dir, "nginx-")
		if err != nil {
			return nil, err
		}
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		http, err := httpBlock(home, addr)
		if err != nil {
			return nil, err
		}
		conf := fmt.Sprintf(`load_module %s;
user root;
daemon off;
worker_processes 1;
pid %s/pid;
error_log %[2]s/error.log;
events { worker_connections 1024; }
http {
  client_body_temp_path %[2]s/body; proxy_temp_path %[2]s/proxy; fastcgi_temp_path %[2]s/fastcgi; uwsgi_temp_path %[2]s/uwsgi; scgi_temp_path %[2]s/scgi;
  keepalive_requests 100000000;
  map_hash_max_size 65536; map_hash_bucket_size 128;
%s}
`, geoipModule, home, http)
		file := filepath.Join(home, "nginx.conf")
		if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
			return nil, err
		}
		return startServer(ctx, addr, true, nginx, "-p", home, "-c", file)
	}
}

func nginxStatic(_, addr string) (string, error) {
	return fmt.Sprintf("  access_log off;\n  server { listen %s; location / { return 302 %s; } }\n", addr, floorTarget), nil
}

// nginxWork routes the limited location to an internal one: a return in the
// location itself would run before limit_req.
func nginxWork(home, addr string) (string, error) {
	city, err := filepath.Abs("deploy/examples/geo/demo-city.mmdb")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("  map $arg_offer_id $target {\n    default \"\";\n")
	for n := 1; n <= offers; n++ {
		fmt.Fprintf(&b, "    %[1]d https://shop.example/landing/%[1]d;\n", n)
	}
	fmt.Fprintf(&b, `  }
  map $http_user_agent $is_bot { default 0; "~*(bot|crawl|spider|slurp|curl|wget|python|headless)" 1; }
  map $is_bot$target $verdict { default approved; "~^1" bot; "0" unknown; }
  geoip2 %[1]s { $country source=$remote_addr country iso_code; $city source=$remote_addr city names en; }
  set_real_ip_from 127.0.0.0/8;
  real_ip_header X-Forwarded-For;
  limit_req_zone $binary_remote_addr zone=floods:64m rate=10000r/s;
  log_format click escape=json '{"tx_id":"$request_id","time":"$time_iso8601","status":"$verdict","offer_id":"$arg_offer_id","publisher":"$arg_publisher_id","sub_id":"$arg_sub_id","country":"$country","city":"$city","click_ip":"$remote_addr","user_agent":"$http_user_agent","referer":"$http_referer","language":"$http_accept_language"}';
  access_log %[2]s/clicks.log click buffer=64k flush=5ms;
  server {
    listen %[3]s;
    location = /click { limit_req zone=floods burst=100000 nodelay; try_files /nowhere @judge; }
    location @judge {
      if ($verdict != approved) { return 302 https://fallback.example/?reason=$verdict; }
      return 302 $target?click_id=$request_id&sub_id=$arg_sub_id;
    }
  }
`, city, home, addr)
	return b.String(), nil
}
