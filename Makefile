# make help lists the targets.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

FUZZTIME ?= 10m
CHAOS_DURATION ?= 10m
BENCHCOUNT ?= 6
VULN_VERSION = $(shell sed -n "s/^VULN_VERSION=//p" .ci/run)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | column -t -s "$$(printf '\t')"

.PHONY: build
build: ## ./ticktop for this machine
	CGO_ENABLED=0 go build -trimpath -o ticktop ./cmd/ticktop

.PHONY: test
test: ## the quick tests, under a minute: while you work
	go test -short ./...

.PHONY: test-all
test-all: ## everything that runs in minutes
	go test ./...

.PHONY: ci
ci: ## what must hold before a change lands
	.ci/run

.PHONY: lint
lint: ## golangci-lint
	golangci-lint run ./...

.PHONY: vuln
vuln: ## known vulnerabilities in what is called, by the database at vuln.go.dev
	go run golang.org/x/vuln/cmd/govulncheck@$(VULN_VERSION) ./...

.PHONY: slow
slow: ## the tests that take minutes: fault table, failovers, soaks
	TICKTOP_REQUIRE_SERVERS=1 go test -tags slow -timeout 60m ./...

.PHONY: reliability
reliability: ## the fault table on real servers, each row by its own limit (idle machine), with the times measured, into docs/reliability.md
	@measured=$$(mktemp) && trap 'rm -f "$$measured"' EXIT && \
	export TICKTOP_REQUIRE_SERVERS=1 TICKTOP_FAULTS_STRICT=1 TICKTOP_MEASURED="$$measured" && \
	go test -count 1 -v -timeout 10m -run 'TestAStuckClientIsCut|TestTerminals|TestAPanicCostsOneSession|TestSignals|TestResizeStorm' ./cmd/internal/sshd/ ./cmd/internal/test/e2e/ && \
	TICKTOP_FAULTS_REPORT=$(CURDIR)/docs/reliability.md go test -tags slow -parallel 3 -count 1 -v -timeout 60m ./cmd/internal/test/faults/

.PHONY: chaos
chaos: ## random faults on real servers for CHAOS_DURATION, with healings between: the engine, then the whole program
	TICKTOP_REQUIRE_SERVERS=1 CHAOS_DURATION=$(CHAOS_DURATION) go test -tags chaos -run Chaos -count 1 -p 1 -v -timeout 60m ./datasource/engine/ ./cmd/internal/test/faults/

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME, one after the other
	@go list ./... | while read -r pkg; do \
	  go test -list '^Fuzz' "$$pkg" | { grep '^Fuzz' || true; } | while read -r target; do \
	    echo "== $$pkg $$target"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$pkg"; \
	  done; \
	done

.PHONY: bench
bench: ## every stage of the hot path against its baseline; writes .ci/allocs.txt, which CI compares with
	go test -run '^$$' -bench . -benchmem -cpu 1 -count $(BENCHCOUNT) ./... | tee bench.txt
	@if command -v benchstat >/dev/null; then benchstat bench.txt; fi
	.ci/allocs write

.PHONY: bench-peers
bench-peers: ## ticktop, the same dashboard written the obvious way, and redis-cli, in turn
	TICKTOP_REQUIRE_SERVERS=1 go test -tags bench -run 'TestPeers|TestSampler|TestReceive|TestPoll|TestBytes|TestLatency|TestStart|TestIdle' -v -count 1 -timeout 30m ./cmd/internal/test/peers/

.PHONY: bench-ssh
bench-ssh: ## a session over SSH against a stock Bubble Tea session
	TICKTOP_SCALE=50:50,100:0 go test -tags bench -run TestScale -v -count 1 -timeout 30m ./cmd/internal/sshd/

.PHONY: bench-scale
bench-scale: ## 1,000 sessions on a handful of pages, 200 that all differ
	TICKTOP_SCALE=100:0,1000:0 TICKTOP_SCALE_DIFFERENT=200 go test -tags bench -run TestScale -v -count 1 -timeout 30m ./cmd/internal/sshd/

.PHONY: bench-discover
bench-discover: ## 200,000 keys of 500 symbols and 40 accounts: discover, then 500 symbols on the screen
	go test -run '^$$' -bench 200kKeys -benchtime 3x ./cmd/internal/discover/
	TICKTOP_REQUIRE_SERVERS=1 go test -tags bench -run TestDiscover_200kKeys -v -count 1 -timeout 10m ./cmd/internal/test/models/

.PHONY: pictures
pictures: ## docs/img from the demo, with a fixed seed
	go run ./cmd/internal/docgen docs/img

.PHONY: golden
golden: ## write the golden pictures again: look at the diff before you commit it
	go test ./widgets/... ./ui/... ./cmd/internal/docgen -update

.PHONY: clean
clean:
	rm -rf ticktop dist bin .packaging

.PHONY: packages
packages: ## archives, deb, rpm, apk, SBOMs and checksums for every system into dist/, without publishing
	@command -v goreleaser >/dev/null || { echo 'install it: go install github.com/goreleaser/goreleaser/v2@v2.13.0' >&2; exit 1; }
	@command -v cyclonedx-gomod >/dev/null || { echo 'install it: go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0' >&2; exit 1; }
	goreleaser check
	goreleaser release --snapshot --clean

.PHONY: check-install
check-install: ## install, use, upgrade and remove the deb of dist/ on a bare Debian (root, mmdebstrap)
	docs/packaging/install.sh dist/ticktop_*_linux_amd64.deb dist/ticktop_*_linux_amd64.deb

.PHONY: reproduce
reproduce: ## build the packages of HEAD twice and compare them
	docs/packaging/reproduce.sh

.PHONY: check-packages
check-packages: ## lintian over the deb of this machine, and what it holds
	docs/packaging/check.sh dist
