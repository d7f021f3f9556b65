# make run   a working desk with demo people on http://127.0.0.1:8080
# make test  installs what the tests need, then runs everything CI runs
GO ?= go

.PHONY: run build test race bare check tools generate bench

run:
	@echo "Building. The first build compiles SQLite, which takes a minute or two."
	$(GO) run ./cmd/okno demo

build:
	$(GO) build -trimpath -o bin/okno ./cmd/okno

generate:
	$(GO) tool templ generate

# What the tests need and a new machine may lack, as program:package. On a machine without
# apt-get, or without the right to install, the list is printed instead.
NEEDS := chromium-headless-shell:chromium-headless-shell pdftoppm:poppler-utils tesseract:tesseract-ocr tesseract:tesseract-ocr-rus clamd:clamav-daemon
# Debian keeps daemons where only the administrator looks for programs.
export PATH := $(PATH):/usr/sbin

tools:
	@missing=""; for n in $(NEEDS); do command -v $${n%%:*} >/dev/null || missing="$$missing $${n##*:}"; done; \
	test -z "$$missing" && exit 0; \
	root=""; test "$$(id -u)" = 0 || root=sudo; \
	if ! command -v apt-get >/dev/null || { test -n "$$root" && ! command -v sudo >/dev/null; }; then \
		echo "The tests need programs that cannot be installed from here. Install:$$missing"; exit 1; fi; \
	echo "Installing what the tests need:$$missing"; \
	$$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null

check:
	@test -z "$$(gofmt -l cmd handlers views review rbac db static)" || { gofmt -l cmd handlers views review rbac db static; echo "gofmt: format these files"; exit 1; }
	$(GO) mod verify
	$(GO) mod tidy -diff
	$(GO) tool templ generate
	@git diff --exit-code -- '*_templ.go' || { echo "generated templates are out of date: make generate"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

# Arithmetic on pictures and fonts and the hashing of passwords share nothing between goroutines and take
# ten times as long under the race detector: the detector leaves these packages out and watches all others.
# make race watches these, too.
ARITHMETIC := okno/review/scan/ocrb okno/review/scan/ocrb/glyphnet okno/review/scan/portrait okno/review/scan/quality \
	okno/cmd/internal/specimen image image/color image/draw image/jpeg compress/flate golang.org/x/image/draw golang.org/x/image/vector \
	golang.org/x/image/font golang.org/x/image/font/sfnt golang.org/x/image/font/opentype golang.org/x/image/math/fixed golang.org/x/image/math/f64 \
	golang.org/x/crypto/argon2 golang.org/x/crypto/blake2b
WATCHED := -race $(foreach p,$(ARITHMETIC),-gcflags=$(p)=-race=false)

# The journeys in a browser come last and alone: two cores are few for both. They, whole sets of pictures and
# what measures memory run without the detector. Bare is a desk without any outside program: no PDF renderer, no
# reader of print, no malware scanner; journeys walk through such a desk as well. Much of a journey is waiting
# for messages, so more of them go at a time than there are processors.
UNWATCHED := okno/cmd/okno|okno/cmd/internal/snapshot|okno/review/scan/ocrb/train
# The tests that do less under the detector, to be run once more without it.
WHOLE := ^Test(Specimens|Bounds|TwoWorkers)$$

# SQLite is compiled twice, with and without the detector: lightly, which takes a third of the time.
test race bare: export CGO_CFLAGS := -O1

# check has vetted all packages: the runs need not do so again.
test: tools check
	$(GO) test -vet=off -p 4 $(WATCHED) -timeout 20m $$($(GO) list ./... | grep -vxE '$(UNWATCHED)')
	$(GO) test -vet=off -timeout 20m -run '$(WHOLE)' ./review/scan ./review/scan/ocrb ./review/scan/portrait ./review/scan/quality
	$(GO) test -vet=off -timeout 20m ./review/scan/ocrb/train ./cmd/internal/snapshot
	$(MAKE) bare
	$(GO) test -vet=off -timeout 30m -parallel 4 ./cmd/okno

race: tools
	$(GO) test -race -timeout 90m ./...

bare:
	OKNO_PROGRAMS=none $(GO) test -vet=off -timeout 10m ./review/intake ./handlers/intakeweb

bench:
	$(GO) test -run '^$$' -bench . -benchtime 2s ./...
