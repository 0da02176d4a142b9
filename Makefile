# panalyze. One Makefile for everything; `make help` lists the targets.
# Variables for the command line: V=1 shows commands, B= build directory, PREFIX= DESTDIR=, CC=, CFLAGS=, WERROR=1.
VERSION   := 0.1.0
SOVERSION := 0

B            ?= build
PREFIX       ?= /usr/local
BINDIR       ?= $(PREFIX)/bin
LIBDIR       ?= $(PREFIX)/lib
INCLUDEDIR   ?= $(PREFIX)/include
MANDIR       ?= $(PREFIX)/share/man
DEMO_PROFILE ?= testdata/pprof/good-go126-cpu.pb.gz
FORMAT       ?= pprof
SECONDS      ?= 60
CFLAGS       ?= -O2 -g
WERROR       ?= $(if $(CI),1)
ifneq ($(filter default undefined,$(origin CC)),)
CC := gcc
endif
ifneq ($(filter default undefined,$(origin AR)),)
AR := ar
endif
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1) --no-print-directory
endif
MAKEFLAGS += -rR
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# --- what is built from what -------------------------------------------------------------------------------------
LIB_SRC   := $(wildcard $(addprefix libanalysis/,base/*.c model/*.c stats/*.c analysis/*.c bench/*.c report/*.c) \
               formats/*.c)
CMD_SRC   := $(wildcard cmd/*.c)
PROTO     := $(wildcard formats/*.proto)
UNIT      := $(patsubst tests/%.c,%,$(wildcard tests/unit/test_*.c))
SUPPORT   := $(wildcard tests/support/*.c)
FORMATS   := $(shell sed -n 's/^PA_FORMAT.\([a-z0-9_]*\).*/\1/p' formats/formats.def 2>/dev/null)
HEADERS   := $(shell find libanalysis formats cmd tests -name '*.h' 2>/dev/null)
SCRIPTS    = $(shell grep -rIlE --exclude-dir=node_modules '^.!/(usr/)?bin/(env )?(ba)?sh' .ci/run ci tests testdata)
GEN_C     := $(PROTO:%.proto=$(B)/gen/%.pb-c.c)
GEN_H     := $(GEN_C:.c=.h)
obj        = $(patsubst %.c,$(B)/obj/%.o,$(1))
LIB_OBJ   := $(call obj,$(LIB_SRC)) $(GEN_C:%.c=%.o)
CMD_OBJ   := $(call obj,$(CMD_SRC))
TEST_OBJ  := $(call obj,$(SUPPORT))
UNIT_BIN  := $(UNIT:%=$(B)/tests/%)
FUZZ_BIN  := $(FORMATS:%=$(B)/tests/fuzz/%)
SO        := libpanalyze.so.$(VERSION)

# --- how ---------------------------------------------------------------------------------------------------------
# pkg-config is asked when the first recipe needs it, never while this file is read: `make demo` may have to install it.
# libiberty comes without a .pc file; SAN names sanitizers; COVERAGE=1 counts lines.
PKGS      := zlib libdeflate libprotobuf-c libcjson gsl libpcre2-8 libzstd libxxhash libutf8proc
once       = $(eval $(1) := $$(shell $(2)))$($(1))
PKG_CFLAGS = $(call once,PKG_CFLAGS,pkg-config --cflags $(PKGS))
PKG_LIBS   = $(call once,PKG_LIBS,pkg-config --libs $(PKGS))
CMOCKA     = $(call once,CMOCKA,pkg-config --libs cmocka)
WARN      := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
             -Wmissing-prototypes -Wvla -Wwrite-strings $(if $(WERROR),-Werror)
TEST_WARN := -Wno-conversion -Wno-float-conversion
MODE      := $(if $(SAN),-O1 -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer) \
             $(if $(COVERAGE),-O0 --coverage -fprofile-update=atomic)
BASE_FLAGS = -std=c11 -D_GNU_SOURCE -DPA_VERSION=\"$(VERSION)\" -I. -I$(B)/gen $(CPPFLAGS) $(PKG_CFLAGS) \
             $(CFLAGS) $(MODE) -fPIC -fno-common -fvisibility=hidden -pthread
LINK       = $(CC) $(CFLAGS) $(MODE) $(LDFLAGS) -Wl,--as-needed
LIBS       = $(PKG_LIBS) -liberty -lm -pthread
COMPILE    = $(CC) $(BASE_FLAGS) $(WARN) -MMD -MP -MF $(@:.o=.d)

all: $(B)/panalyze $(B)/libpanalyze.a $(B)/libpanalyze.so ## binary, static and shared library (the default)

# Compiling again whenever the flags changed, not only the sources.
$(B)/flags: FORCE
	@pkg-config --exists --print-errors $(PKGS) || { echo "libraries are missing: 'ci/setup build' installs them" >&2; exit 1; }
	@mkdir -p $(@D); printf '%s ' $(CC) $(BASE_FLAGS) $(WARN) >$@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

$(B)/obj/%.o: %.c $(B)/flags | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(if $(filter tests/%,$<),$(TEST_WARN)) -c $< -o $@

$(B)/gen/%.pb-c.c $(B)/gen/%.pb-c.h: %.proto
	@mkdir -p $(@D)
	$(call say,PROTOC,$<)protoc-c --c_out=$(B)/gen $<

$(B)/gen/%.o: $(B)/gen/%.c $(B)/flags
	$(call say,CC,$<)$(CC) $(BASE_FLAGS) -w -c $< -o $@

$(B)/libpanalyze.a: $(LIB_OBJ)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(B)/$(SO): $(LIB_OBJ) ci/libpanalyze.map
	$(call say,LINK,$@)$(LINK) -shared -Wl,-soname,libpanalyze.so.$(SOVERSION) -Wl,-z,defs \
	    -Wl,--version-script=ci/libpanalyze.map -Wl,--exclude-libs,ALL $(LIB_OBJ) $(LIBS) -o $@

$(B)/libpanalyze.so: $(B)/$(SO)
	@ln -sf $(SO) $(B)/libpanalyze.so.$(SOVERSION) && ln -sf libpanalyze.so.$(SOVERSION) $@

$(B)/panalyze: $(CMD_OBJ) $(B)/libpanalyze.a
	$(call say,LINK,$@)$(LINK) $^ $(LIBS) -o $@

$(B)/panalyze.1: $(B)/panalyze
	$(call say,MAN,$@)$< help --man >$@

$(B)/panalyze.pc: ci/panalyze.pc.in FORCE
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@VERSION@|$(VERSION)|' -e 's|@REQUIRES@|$(PKGS)|' $< >$@

# --- test programs -----------------------------------------------------------------------------------------------
$(UNIT_BIN): $(B)/tests/%: $(B)/obj/tests/%.o $(TEST_OBJ) $(B)/libpanalyze.a
$(B)/tests/fixtures: $(B)/obj/tests/fixtures.o $(TEST_OBJ) $(B)/libpanalyze.a
$(UNIT_BIN) $(B)/tests/fixtures:
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK) $(filter %.o %.a,$^) $(LIBS) $(CMOCKA) -o $@

# One fuzz program per row of formats.def: with libFuzzer, or (by default) one that replays the files it is given.
$(FORMATS:%=$(B)/obj/tests/fuzz/format-%.o): $(B)/obj/tests/fuzz/format-%.o: tests/fuzz/fuzz_format.c $(B)/flags | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,CC,$< ($*))$(COMPILE) $(TEST_WARN) -DPA_FUZZ_FORMAT=$* -c $< -o $@
$(FUZZ_BIN): $(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/format-%.o $(if $(LIBFUZZER),,$(B)/obj/tests/fuzz/replay_main.o $(TEST_OBJ)) $(B)/libpanalyze.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK) $(if $(LIBFUZZER),-fsanitize=fuzzer) $(filter %.o %.a,$^) $(LIBS) -o $@

# --- checks ------------------------------------------------------------------------------------------------------
# ci/tally counts; every check is one `T NAME COMMAND`. R collects the counts of one run.
R         ?= $(B)/results
LABEL     ?=
T          = @ci/tally run $(R) $(LABEL)$(strip $(1))
seeds      = $(shell find testdata/$(1) tests/fuzz/corpus/$(1) -type f ! -name '*.dump' ! -name '*.err' 2>/dev/null | LC_ALL=C sort)
counted    = +@ci/setup $(1) && rm -rf $(R) && { $(MAKE) -k R=$(R) $(2); ci/tally sum $(R) $$?; }
SAN_ENV   := ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1 UBSAN_OPTIONS=exitcode=99:halt_on_error=1:print_stacktrace=1 \
             TSAN_OPTIONS=exitcode=99:halt_on_error=1
ASAN       = $(SAN_ENV) $(MAKE) B=$(B)/asan SAN=address,undefined LABEL=asan/
# The thread sanitizer wants a fixed layout of the address space; where that cannot be had it runs without.
TSAN       = $(SAN_ENV) $$(setarch -R true 2>/dev/null && echo setarch -R) $(MAKE) B=$(B)/tsan SAN=thread LABEL=tsan/
CLANG      = $(MAKE) B=$(B)/clang CC=clang WERROR=1 LABEL=clang/

check: ## installs what is missing, builds, runs every check; last line: N passed, N failed, N skipped
	$(call counted,check,run-check)
check-asan: ## unit tests, fixtures and fuzz corpus under the address and undefined-behaviour sanitizers
	$(call counted,check,run-asan)
check-tsan: ## unit tests and fixtures under the thread sanitizer
	$(call counted,check,run-tsan)
check-clang: ## build with clang, no warning allowed, and run the unit tests
	$(call counted,clang,run-clang)
check-long: ## everything: check, tsan, clang, static binary
	$(call counted,check && ci/setup clang && ci/setup static,run-check run-tsan run-clang run-static)
lint: ## layout, static analysis, shell scripts
	$(call counted,lint,run-lint)
static-check: ## run the static binary in an empty directory tree
	$(call counted,static,run-static)
peers-check: ## compare with other programs' results where they are installed
	$(call counted,build,run-peers)

run-check: unit fixtures cli replay tally layers banned headers readme-commands install-check run-asan
run-asan run-tsan run-clang: export WERROR := 1
run-asan: ; @+$(ASAN) unit fixtures replay
run-tsan: ; @+$(TSAN) unit fixtures
run-clang: ; @+$(CLANG) all unit
run-lint: format-check tidy shellcheck
run-static: static ; $(call T,static-binary) ci/static-check $(B)/static/panalyze $(DEMO_PROFILE)

unit: $(UNIT:%=run-%)
.PHONY: $(UNIT:%=run-%) $(FORMATS:%=replay-%)
$(UNIT:%=run-%): run-%: $(B)/tests/% ; $(call T,$*) $<
fixtures: $(B)/tests/fixtures ; $(call T,fixtures) $< testdata/
cli: $(B)/panalyze ; $(call T,cli) tests/cli/run $<
replay: $(FORMATS:%=replay-%)
$(FORMATS:%=replay-%): replay-%: $(B)/tests/fuzz/% ; $(call T,fuzz-replay/$*) $< $(call seeds,$*)
layers: ; $(call T,layers) ci/layers
	$(call T,layers/self-test) ci/layers --self-test
tally: ; $(call T,tally/self-test) ci/tally --self-test
banned: ; $(call T,banned) ci/banned
	$(call T,banned/self-test) ci/banned --self-test
headers: $(GEN_H) ; $(call T,headers) ci/headers $(filter-out -M%,$(BASE_FLAGS)) $(WARN) -Werror
readme-commands: $(B)/panalyze ; $(call T,readme-commands) ci/readme-commands $<
install-check: all $(B)/panalyze.1 ; $(call T,install) ci/install-check $(B)
run-peers: $(B)/panalyze
	@status=0; for script in $(wildcard tests/peers/*.sh); do \
	    PANALYZE=$(abspath $<) ci/tally run $(R) peers/$$(basename $$script .sh) $$script check || status=1; done; exit $$status

TIDY_SRC = $(LIB_SRC) $(CMD_SRC) $(SUPPORT) $(UNIT:%=tests/%.c) $(wildcard tests/fixtures.c tests/fuzz/replay_main.c)
format-check: ; $(call T,clang-format) clang-format --dry-run -Werror $(TIDY_SRC) $(HEADERS)
shellcheck: ; $(call T,shellcheck) shellcheck $(SCRIPTS)
.PHONY: $(TIDY_SRC:%=tidy-%)
tidy: $(TIDY_SRC:%=tidy-%)
$(TIDY_SRC:%=tidy-%): tidy-%: | $(GEN_H) ; $(call T,clang-tidy/$*) clang-tidy --quiet $* -- $(BASE_FLAGS)

# --- things for people -------------------------------------------------------------------------------------------
demo: ## installs what is missing, builds, shows the hottest functions of a real Go program
	@ci/setup build
	@$(MAKE) all
	$(B)/panalyze top $(DEMO_PROFILE)
bless: ## rewrite the expected outputs of fixtures and command line (not in CI): review the diff
	@[ -z "$(CI)" ] || { echo "make bless: refused in CI" >&2; exit 2; }
	@ci/setup check && $(MAKE) $(B)/tests/fixtures $(B)/panalyze
	$(B)/tests/fixtures testdata/ --bless && tests/cli/run $(B)/panalyze --bless
format: ## lay out all C sources
	@ci/setup lint && clang-format -i $(TIDY_SRC) $(wildcard tests/fuzz/fuzz_format.c) $(HEADERS)
cover: ## line coverage of readers and model, by all tests
	+@ci/setup check && rm -rf $(R) $$(find $(B)/cover -name '*.gcda' 2>/dev/null) && { $(MAKE) -k B=$(B)/cover COVERAGE=1 R=$(R) unit fixtures cli; ci/cover table $(B)/cover; }
cover-reader: ## line coverage of the reader FORMAT= by its fixtures alone, and by its fuzz corpus alone
	@ci/setup check && $(MAKE) B=$(B)/cover COVERAGE=1 $(B)/cover/tests/fixtures $(B)/cover/tests/fuzz/$(FORMAT)
	@ci/cover reader $(B)/cover $(FORMAT) fixtures $(B)/cover/tests/fixtures testdata/
	@ci/cover reader $(B)/cover $(FORMAT) 'fuzz corpus' $(B)/cover/tests/fuzz/$(FORMAT) $(call seeds,$(FORMAT))
FUZZ = $(MAKE) B=$(B)/fuzz CC=clang SAN=fuzzer-no-link,address,undefined LIBFUZZER=1
fuzz: ## fuzz the reader FORMAT= for SECONDS=
	@ci/setup clang && $(MAKE) $(B)/tests/fixtures && $(FUZZ) $(B)/fuzz/tests/fuzz/$(FORMAT) && \
	    $(SAN_ENV) ci/fuzz run $(B)/fuzz $(FORMAT) $(B)/tests/fixtures $(SECONDS)
fuzz-long: ## ten minutes of fuzzing for every format
	@for format in $(FORMATS); do $(MAKE) fuzz FORMAT=$$format SECONDS=600 || exit 1; done
corpus: ## keep of what fuzzing found the least that covers as much, in tests/fuzz/corpus/FORMAT
	@ci/setup clang && $(MAKE) $(B)/tests/fixtures && $(FUZZ) $(B)/fuzz/tests/fuzz/$(FORMAT) && \
	    $(SAN_ENV) ci/fuzz minimise $(B)/fuzz $(FORMAT) $(B)/tests/fixtures
bench: ## time and memory against gzip, wc and peers; DATA= directory of large inputs
	@ci/setup build && $(MAKE) $(B)/panalyze && tests/perf/bench $(B)/panalyze $(DATA)

install: all $(B)/panalyze.1 $(B)/panalyze.pc ## into PREFIX= (default /usr/local), below DESTDIR=
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR) $(MANDIR)/man1)
	install $(B)/panalyze $(DESTDIR)$(BINDIR)/panalyze
	install -m 644 $(B)/libpanalyze.a $(B)/$(SO) $(DESTDIR)$(LIBDIR)
	ln -sf $(SO) $(DESTDIR)$(LIBDIR)/libpanalyze.so.$(SOVERSION)
	ln -sf libpanalyze.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libpanalyze.so
	install -m 644 libanalysis/panalyze.h $(DESTDIR)$(INCLUDEDIR)/panalyze.h
	install -m 644 $(B)/panalyze.pc $(DESTDIR)$(LIBDIR)/pkgconfig/panalyze.pc
	install -m 644 $(B)/panalyze.1 $(DESTDIR)$(MANDIR)/man1/panalyze.1
uninstall: ## removes what install put there
	rm -f $(addprefix $(DESTDIR),$(BINDIR)/panalyze $(addprefix $(LIBDIR)/,libpanalyze.a libpanalyze.so $(SO) \
	    libpanalyze.so.$(SOVERSION) pkgconfig/panalyze.pc) $(INCLUDEDIR)/panalyze.h $(MANDIR)/man1/panalyze.1)

static: ## one binary with every library inside: build/static/panalyze
	@ci/setup static && $(MAKE) $(B)/static/panalyze
# Debian has no libcjson.a: ci/static-cjson makes one from Debian's source, or an empty one if nothing calls cJSON.
$(B)/static/libcjson.a: $(B)/libpanalyze.a ci/static-cjson
	$(call say,STATIC,$@)CC='$(CC)' CFLAGS='$(CFLAGS)' AR='$(AR)' ci/static-cjson $< $@
$(B)/static/panalyze: $(CMD_OBJ) $(B)/libpanalyze.a $(B)/static/libcjson.a
	$(call say,LINK,$@)$(LINK) -static $^ \
	    $(filter-out -lcjson,$(shell pkg-config --static --libs $(PKGS))) -liberty -lm -pthread -o $@

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | LC_ALL=C sort | awk -F '\t' '{ printf "  %-16s %s\n", $$1, $$2 }'
clean: ## removes the build directory
	rm -rf $(B)

.PHONY: all check check-asan check-tsan check-clang check-long lint static-check peers-check run-check run-asan run-tsan \
    run-clang run-lint run-static run-peers unit fixtures cli replay tally layers banned headers readme-commands install-check \
    format-check shellcheck tidy demo bless format cover cover-reader fuzz fuzz-long corpus bench install uninstall \
    static help clean FORCE
-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CMD_OBJ) $(TEST_OBJ) $(call obj,$(UNIT:%=tests/%.c) tests/fixtures.c \
    tests/fuzz/replay_main.c) $(FORMATS:%=$(B)/obj/tests/fuzz/format-%.o))
