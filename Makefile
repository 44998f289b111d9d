# "make" alone lists the targets.

# Variables, set with "make TARGET NAME=value":
BROWSER  ?=#  required: "make test" fails without Chromium or Firefox
DATABASE ?=#  postgres: "make test" uses PostgreSQL instead of SQLite; it starts a server of its own. "make bench N=…" compares both
PROGRAMS ?= installed# "make test" uses nginx and the programs that read the desk's files (docs/development.md) if they are installed; required: it fails without them
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))
FIREFOX  ?= $(firstword $(foreach name,firefox-esr firefox,$(shell command -v $(name))))
CLIENTS  ?=#  required: "make test" fails when it cannot get MSAL Node
RACE     ?=#  1: "make test" looks for data races, which needs gcc
TIMEOUT  ?= 40m# for the tests of one package, on a slow or busy machine
ARTIFACTS ?=#  a folder in which "make test" saves screenshots when a browser test fails
VERSION  ?= $(shell git describe --always --dirty 2>/dev/null || echo development)
DEMO     ?= .demo# the demo's data directory
PORT     ?= 8080# "make run" and "make dev" serve the desk on this port
EMULATOR_PORT ?= $(shell expr $(PORT) + 1)# and the stand-in for Microsoft on this one
DEV_PORT ?= 7331# "make dev" serves pages with live reload on this port
FUZZTIME ?= 1m# "make fuzz" fuzzes each parser for this long
FUZZ     ?=#  "make fuzz" fuzzes only targets whose package and name match this pattern
N        ?=#  number of meetings for "make bench", 10000 to 10000000
ROUNDS   ?= 20# number of rounds for "make crash" and "make cluster"
SEED     ?=#  the seed that "make crash" printed in an earlier run
GROWTH   ?=#  number of meetings with which "make bench" measures how the database grows, 10000 to 10000000; with N, it compares creates instead
IMPORT   ?=#  1: "make bench" measures imports and nothing else
WRITES   ?=#  1: "make bench" measures creates and audited pages, by one client and several, and nothing else
UPKEEP   ?=#  1: "make bench N=…" measures a backup, a purge and an erasure, and nothing else
KEEP     ?=#  a folder in which "make bench N=…" keeps its databases for later runs

export BROWSER CHROMIUM DATABASE FIREFOX CLIENTS FUZZTIME FUZZ
export CGO_ENABLED := 0

tool := go tool -modfile=.ci/tools/go.mod
# Browsers load static/app.js, static/import.js and static/app.css, which are built from static/src.
bundle := $(tool) esbuild static/src/app.js static/src/import.js static/src/app.css --bundle --minify --format=esm --charset=utf8 --log-level=warning
# Without -buildvcs=false, the build fails if git does not trust the folder's owner.
build := go build -buildvcs=false -trimpath -ldflags '-s -w -X main.version=$(VERSION)'

.PHONY: help run dev quick test fuzz check generated generate notices build dist dist-test bench crash cluster clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' Makefile

# On a terminal, the desk gets its own process group, so that Ctrl-C does not also reach
# make, which would then exit with an error.
own_group := case $$(ps -o stat= -p $$$$ 2>/dev/null) in *+*) set -m;; *) trap : INT;; esac;

demo := desk -data $(DEMO) -addr 127.0.0.1:$(PORT) -emulator-addr 127.0.0.1:$(EMULATOR_PORT)

run: build ## start the desk against a stand-in for Microsoft, on this machine only (PORT=9090)
	@$(own_group) bin/meetdesk-demo $(demo); exit $$?

dev: ## like run, with live reload at http://localhost:7331; sample pages at /dev/pages (PORT=9090 DEV_PORT=7332)
	@$(own_group) $(bundle) --outdir=static --allow-overwrite --watch=forever & trap "kill $$!" EXIT; \
	$(tool) templ generate --watch --log-level=warn --open-browser=false \
		--proxy=http://localhost:$(PORT) --proxyport=$(DEV_PORT) \
		--watch-pattern='\.(go|templ|json|css|js|svg)$$|_templ\.txt$$' --ignore-pattern='node_modules|\.demo|static/src' \
		--cmd='go run -buildvcs=false -tags dev ./cmd/meetdesk-demo $(demo)'

axe := e2e/node_modules/axe-core/axe.min.js

# The build continues without npm. The browser tests then skip the checks with axe, or
# fail if BROWSER=required.
$(axe): e2e/package-lock.json
	-@cd e2e && npm ci --silent && touch $(axe:e2e/%=%)

msal := clients/node_modules/@azure/msal-node/package.json

$(msal): clients/package-lock.json
	-@cd clients && npm ci --silent && touch $(msal:clients/%=%)

# Packages that "make quick" leaves out. Their tests are slow to run or to link, or they
# check only the repository or the emulator.
not_quick := ^meetdesk$$|/(attack|bench|crash|demo|e2e|emulator|metrics|migrations|selfcheck|server|store/(backup|postgresdb|transfer)|tracing)(/|$$)

# Fewer garbage collections save processor time. So does -vet=off; "make check" runs vet.
# The tests of web take longest, so they start first.
quick: export GOGC := 400
quick: generated ## run the quick tests: without the browser, other programs and whatever takes long
	go test -short -vet=off ./web $$(go list ./... | grep -vE '$(not_quick)')

# Parts of the names of the tests that call testenv.SkipUnderRace.
without_race := Attacks|CheckIndex|CountsAreCached|CrashLosesOnlyQueuedEntries|EveryKindOfSearchText|EveryRouteIsAudited|Filters|Flood|HistoryCount|HowFarAPageExamines|IndexVersion|Linear|LongCSV|Methods|MostExpensiveList|NoListReadsEverything|NoSecretsInURLs|PagesAreStable|SearchTextIsNotSyntax|SpreadOfMeetings|TicketsInLongTexts|TokensAreThoseOfTheIndex|Varied|WhoMayDoWhat

# All tests share one PostgreSQL server.
with_server := $(if $(filter postgres,$(DATABASE)),go run -buildvcs=false ./store/postgrestest/run)

# LONG turns on tests that take a long time, and PROGRAMS turns on those that need other
# programs.
test: export CGO_ENABLED := $(if $(RACE),1,0)
test: export LONG := 1
test: export PROGRAMS := $(PROGRAMS)
test: generated $(if $(CHROMIUM),$(axe)) $(msal) ## run every test; browser tests need Chromium (BROWSER=required, CLIENTS=required, RACE=1)
	$(if $(ARTIFACTS),@mkdir -p $(ARTIFACTS))
	$(with_server) go test $(if $(RACE),-race) $(if $(ARTIFACTS),-artifacts -outputdir=$(abspath $(ARTIFACTS))) -timeout $(TIMEOUT) ./...
	$(if $(RACE),CGO_ENABLED=0 $(with_server) go test -vet=off -timeout $(TIMEOUT) -run '$(without_race)' $$(go list ./... | grep -v /e2e))
	go -C clients test -count=1 ./...
	go -C packaging test ./...
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || echo 'SKIPPED: PostgreSQL. Install the package postgresql.'
	@$(if $(CHROMIUM),,echo 'SKIPPED: the browser tests in e2e/. They need Chromium: install it, or set CHROMIUM=path.')
	@$(if $(FIREFOX),,echo 'SKIPPED: the main job in Firefox. Install Firefox, or set FIREFOX=path.')
	@$(if $(CHROMIUM),test -e $(axe) || echo 'SKIPPED: checks with axe. They need npm.')
	@test -e $(msal) || echo 'SKIPPED: MSAL Node against the emulator. It needs Node.js and npm.'

fuzz: ## fuzz every parser of outside text, one after the other (FUZZTIME=1m, FUZZ=pattern for some of them)
	.ci/fuzz

check: generated ## check format, golangci-lint's rules, go.mod, generated code and known vulnerabilities; changes nothing
	@test -z "$$(gofmt -l .)" || { gofmt -d .; exit 1; }
	go vet ./...
	go tool -modfile=.ci/lint/go.mod golangci-lint run ./...
	go mod tidy -diff
	go -C .ci/tools mod tidy -diff
	go -C clients vet ./...
	go -C clients mod tidy -diff
	go -C packaging vet ./...
	go -C packaging mod tidy -diff
	.ci/vulncheck

# The tests use the *_templ.go files. Without this check, they would not notice a change
# that was made only in a *.templ file.
generated:
	@$(tool) templ generate -check -log-level=warn || { echo 'The *_templ.go files do not match the *.templ files: run "make generate".' >&2; exit 1; }
	@built=$$(mktemp -d) && trap 'rm -rf "$$built"' EXIT && $(bundle) --outdir="$$built" && \
		for file in app.js import.js app.css; do cmp "$$built/$$file" static/$$file || exit 1; done || \
		{ echo 'static/app.js, static/import.js or static/app.css does not match static/src: run "make generate".' >&2; exit 1; }

generate: ## write the *_templ.go files from the *.templ files, and static/app.* from static/src
	$(tool) templ generate -log-level=warn
	$(bundle) --outdir=static --allow-overwrite

notices: ## write THIRD-PARTY-NOTICES.txt from the licences of the modules in the program
	go test -run ThirdPartyNotices . -update

build: ## build bin/meetdesk and, with the emulator, bin/meetdesk-demo
	@$(build) -o bin/ ./cmd/...

dist: ## build dist/: .deb, .rpm, tarballs and an OCI image for amd64 and arm64, an SBOM and SHA256SUMS
	packaging/dist

dist-test: $(msal) ## build the packages twice and compare them, then try the .deb, the .rpm and the image; needs root and the programs that packaging/try names
	packaging/same
	systemd-analyze security --offline=yes --threshold=20 --no-pager packaging/meetdesk.service
	packaging/try
	packaging/try-others

bench: ## measure start, memory, the cost of a create and imports, or a desk with many meetings (N=1000000)
	go run -buildvcs=false ./bench $(if $(IMPORT),-import) $(if $(WRITES),-writes) $(if $(N),-rows $(N)) $(if $(UPKEEP),-upkeep) $(if $(filter postgres,$(DATABASE)),-postgres) $(if $(GROWTH),-growth $(GROWTH)) $(if $(KEEP),-keep $(KEEP))

crash: ## kill the desk and the emulator while people use them; nothing may be lost or duplicated (ROUNDS=500 SEED=1)
	go run -buildvcs=false ./crash $(if $(wildcard /dev/shm),-dir /dev/shm) -rounds $(ROUNDS) $(if $(SEED),-seed $(SEED))

cluster: ## the same with three desks behind haproxy on a PostgreSQL cluster; desks and primaries are killed (ROUNDS=200 SEED=1)
	go run -buildvcs=false ./crash -cluster $(if $(wildcard /dev/shm),-dir /dev/shm) -rounds $(ROUNDS) $(if $(SEED),-seed $(SEED))

clean: ## remove build results, but not the demo's data
	rm -rf bin dist tmp e2e/node_modules clients/node_modules
