# Every target is explained by the comment behind its name: make help.
SHELL := /bin/bash
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
DATA_DIR ?= ./data
PACKAGES := ./...
FUZZTIME ?= 10s
CLICKS ?= 100000000

export CGO_ENABLED = 0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: build
build: ## build bin/clickgate
	$(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/clickgate ./cmd/clickgate

.PHONY: run
run: build ## start the demo: links to try are printed, Ctrl-C stops it
	bin/clickgate serve --config deploy/examples/demo.yaml --data-dir $(DATA_DIR)

.PHONY: test
test: ## run all tests
	$(GO) test -pgo=off -shuffle=on $(PACKAGES)

.PHONY: check
check: format-check vet staticcheck test-race fuzz-seeds ## everything CI runs

.PHONY: format-check
format-check: ## fail on files that gofmt would change
	@test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"

.PHONY: vet
vet: ## go vet
	$(GO) vet $(PACKAGES)

.PHONY: staticcheck
staticcheck: ## staticcheck, pinned in go.mod
	$(GO) tool staticcheck $(PACKAGES)

# The race detector needs cgo, and allocation gates cannot run under it: they
# run in a second pass without it.
.PHONY: test-race
test-race: ## tests with the race detector, then the allocation gates without
	CGO_ENABLED=1 $(GO) test -pgo=off -race -shuffle=on -timeout 20m $(PACKAGES)
	$(GO) test -pgo=off -shuffle=on -run 'Alloc|Memory' $(PACKAGES)

.PHONY: fuzz-seeds
fuzz-seeds: ## run the seeds of every fuzz target
	$(GO) test -pgo=off -run '^Fuzz' $(PACKAGES)

.PHONY: fuzz
fuzz: ## fuzz every target for FUZZTIME each (10s)
	@set -e; grep -rE --include='*_test.go' '^func Fuzz[A-Za-z0-9]+' . | sed -E 's|^(.*)/[^/]*:func (Fuzz[A-Za-z0-9]+).*|\1 \2|' | sort -u | \
	while read -r dir target; do $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$dir" </dev/null; done

.PHONY: bench
bench: build ## measure clickgate against bare servers on this machine
	$(GO) run ./bench

.PHONY: bench-reload
bench-reload: build ## measure changes of a large config: time, memory, latency under load
	$(GO) run ./bench -reload

.PHONY: bench-judgement
bench-judgement: ## print who is taken for a bot, on the public sets (VERBOSE=-v: the misjudged)
	$(GO) run ./bench -judgement $(VERBOSE)

.PHONY: bench-conversions
bench-conversions: ## measure the look-up of a click among CLICKS (100 million), on disk in TMPDIR
	$(GO) run ./bench -conversions -clicks $(CLICKS)

# The build optimises for what this profile shows (go.dev/doc/pgo). Take a new
# one when the hot path has changed a good deal.
.PHONY: pgo
pgo: build ## take a new profile for the compiler
	profiles=$$(mktemp -d) && \
	$(GO) run ./bench -only 'safe mode,strangers' -rounds 1 -requests 400000 -profiles "$$profiles" && \
	$(GO) tool pprof -proto "$$profiles"/*.pprof > cmd/clickgate/default.pgo; rm -r "$$profiles"

.PHONY: generate
generate: ## remake generated files (the demo's databases)
	$(GO) generate $(PACKAGES)
