# Every target is explained by the comment behind its name: make help.
SHELL := /bin/bash
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
DATA_DIR ?= ./data
PACKAGES := ./...

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
	$(GO) test -shuffle=on $(PACKAGES)

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
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m $(PACKAGES)
	$(GO) test -shuffle=on -run 'Alloc|Memory' $(PACKAGES)

.PHONY: fuzz-seeds
fuzz-seeds: ## run every fuzz target for a moment beyond its seeds
	@set -e; for target in $$(grep -rhoE --include='*_test.go' '^func Fuzz[A-Za-z0-9]+' . | sed 's/func //' | sort -u); do \
	  for dir in $$(grep -rlE --include='*_test.go' "^func $$target\\(" . | xargs -n1 dirname | sort -u); do \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 2s $$dir; \
	  done; \
	done

.PHONY: fuzz
fuzz: ## fuzz one target for a minute: make fuzz PKG=./config TARGET=FuzzDecode
	$(GO) test -run '^$$' -fuzz '^$(TARGET)$$' -fuzztime 60s $(PKG)

.PHONY: bench
bench: build ## measure clickgate against bare servers on this machine
	$(GO) run ./bench

.PHONY: generate
generate: ## remake generated files (the demo's databases)
	$(GO) generate $(PACKAGES)
