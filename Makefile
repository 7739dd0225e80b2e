# gongkai: what the project's own commands are. "make help" lists them.

GO        ?= go
TOOL      := $(GO) tool -modfile=tools/go.mod
FUZZTIME  ?= 10s
VERSION   ?=
LDFLAGS   := -s -w $(if $(VERSION),-X gongkai/internal/cli.version=$(VERSION))

# The race detector watches our code and what it calls, but not the inside of SQLite's engine, which
# is C translated to Go and several times slower when watched, nor that of the password hash.
# Packages with generic code must be watched: the linker may take their copy of it for all.
RACE      := -race -gcflags='modernc.org/...=-d=checkptr=0' \
	-gcflags='modernc.org/sqlite/lib=-race=false -d=checkptr=0' \
	-gcflags='golang.org/x/crypto/argon2=-race=false -d=checkptr=0' \
	-gcflags='golang.org/x/crypto/blake2b=-race=false -d=checkptr=0'

.PHONY: help test setup vet unit bench build fuzz fmt docs assets vulncheck

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

test: setup ## everything that must pass before a change is handed in
	@status=0; for step in vet vulncheck unit; do $(MAKE) --no-print-directory $$step || status=1; done; exit $$status

setup: ## install what the tests need (Debian; quick when all is there)
	@scripts/setup-debian.sh

vet: ## gofmt, go vet, staticcheck
	@bad=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "not formatted, run make fmt: $$bad"; exit 1; fi
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

vulncheck: ## known vulnerabilities, where their database can be reached
	@out=$$($(TOOL) govulncheck ./... 2>&1); status=$$?; case "$$out" in \
		*"fetching vulnerabilities:"*) echo "vulncheck: not run, https://vuln.go.dev cannot be reached";; \
		*) echo "$$out"; exit $$status;; \
	esac

unit: ## all tests with the race detector, on SQLite and a PostgreSQL of its own, then the counts
	@mkdir -p .cache
	@$(GO) build -o .cache/testsummary ./scripts/testsummary
	@set -o pipefail; scripts/postgres-test.sh run $(GO) test $(RACE) -timeout 28m -json ./... | .cache/testsummary

unit: SHELL := /bin/bash

bench: ## benchmarks, each once with its allocations
	scripts/postgres-test.sh run $(GO) test -run '^$$' -bench . -benchmem ./...

build: ## the program, as one static file in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/gongkai ./cmd/gongkai

fuzz: ## every fuzz target for FUZZTIME (10s)
	@set -e; for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

assets: ## build the editor of drafts into what is committed
	cd internal/web/office/editor && npm ci --no-audit --no-fund && node build.mjs

fmt: ## format all Go files
	gofmt -w $$(git ls-files '*.go')

docs: ## write the generated pages of docs/ anew
	GONGKAI_TEST_WRITE=1 $(GO) test -run 'TestTrace|Fresh' ./internal/...
