# Everything a newcomer needs; `make help` lists it. Works on a bare Debian 12 with git, make and apt.
BUILD ?= build
BACKEND ?= EIGEN
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PREFIX ?= /usr/local
SHARED ?= $(or $(KATAGO_SHARED_DIR),../shared)
# A net of your choice; without one, the net inside the program.
MODEL ?= $(KATAGO_MODEL)
SAMPLE ?= docs/sample-game.sgf
VISITS ?= 50
FUZZ_SECONDS ?= 600
CONFIGURE = cmake -S . -G Ninja -DUSE_BACKEND=$(BACKEND)
# The packaged executables: everything linked in. Never with GNU readline, whose licence would bind the package. That of
# this processor is compiled source by source, which shows that each includes what it needs.
STATIC = $(CONFIGURE) -DCMAKE_BUILD_TYPE=Release -DPONNUKI_STATIC=ON
DIST = $(STATIC) -DPONNUKI_TESTS=OFF -DPONNUKI_LINE_EDITING=LIBEDIT -DPONNUKI_UNITY=OFF
FOREIGN = $(STATIC) -DPONNUKI_LINE_EDITING=OFF

.PHONY: help run test build bench arm64 sanitize tsan fuzz format check install dist dist-arm64 dist-armhf clean deps
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /  make \1\t/' | expand -t 20

deps:  ## install the needed Debian packages if some are missing (root or sudo)
	@sh scripts/install_packages.sh build

build: deps  ## build/katago and build/katago-conformance
	@$(CONFIGURE) -B $(BUILD) -DCMAKE_BUILD_TYPE=Release
	@cmake --build $(BUILD) -j$(JOBS)

run: build  ## analyse a complete sample game with the built-in net (or MODEL=NET.bin.gz) and print the table
	$(BUILD)/katago analyzesgf $(if $(MODEL),-model "$(MODEL)") -visits $(VISITS) $(SAMPLE)

test: build  ## unit tests, golden conformance, protocol tests
	@cd $(BUILD) && KATAGO_SHARED_DIR="$(abspath $(SHARED))" ctest --output-on-failure -j$(JOBS)

bench: build  ## rows of net and search speed; nets=a,b to choose files or architectures
	$(BUILD)/katago-search-bench
	$(BUILD)/katago benchmark -nn $(if $(nets),-model "$(nets)")

arm64: dist-arm64  ## the package for 64-bit ARM, and tests of its kernels under qemu-user (needs an apt system)
	@cmake --build $(BUILD)-arm64 -j$(JOBS) --target katago-conformance test_base test_backends
	@KATAGO_SHARED_DIR="$(abspath $(SHARED))" sh scripts/test_arm64.sh $(BUILD)-arm64

sanitize: deps  ## all tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(CONFIGURE) -B $(BUILD)-asan -DPONNUKI_SANITIZE=address
	@cmake --build $(BUILD)-asan -j$(JOBS)
	@cd $(BUILD)-asan && KATAGO_SHARED_DIR="$(abspath $(SHARED))" ctest --output-on-failure -j$(JOBS) -LE slow

tsan: deps  ## the threaded tests under ThreadSanitizer
	@$(CONFIGURE) -B $(BUILD)-tsan -DPONNUKI_SANITIZE=thread
	@cmake --build $(BUILD)-tsan -j$(JOBS) --target test_eval test_search test_protocol katago
	@cd $(BUILD)-tsan && KATAGO_SHARED_DIR="$(abspath $(SHARED))" TSAN_OPTIONS=halt_on_error=1 \
	  ctest --output-on-failure -R '^(eval|search|protocol|client_analysis_stress)$$'

fuzz:  ## run every libFuzzer target for FUZZ_SECONDS each (Clang)
	@sh scripts/install_packages.sh fuzz
	@$(CONFIGURE) -B $(BUILD)-fuzz -DPONNUKI_FUZZ=ON -DPONNUKI_TESTS=ON -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang
	@cmake --build $(BUILD)-fuzz -j$(JOBS) --target fuzz
	@sh scripts/run_fuzz.sh $(BUILD)-fuzz $(FUZZ_SECONDS)

check:  ## include order of the folders, weak symbols of the per-ISA objects
	@python3 scripts/check_tree.py
	@sh scripts/check_weak_symbols.sh $(BUILD)

format:  ## clang-format every source
	@git ls-files '*.h' '*.cpp' '*.inc' | xargs clang-format -i

install: build  ## copy the executable, configs and documents below $(PREFIX)
	install -D -m 755 $(BUILD)/katago $(DESTDIR)$(PREFIX)/bin/katago
	install -d $(DESTDIR)$(PREFIX)/share/ponnuki/configs $(DESTDIR)$(PREFIX)/share/doc/ponnuki
	install -m 644 configs/*.cfg $(DESTDIR)$(PREFIX)/share/ponnuki/configs
	install -m 644 README.md docs/*.md $(DESTDIR)$(PREFIX)/share/doc/ponnuki

dist:  ## dist/ponnuki-VERSION-linux-PROCESSOR.tar.gz: the program for any Linux of this processor
	@sh scripts/install_packages.sh dist
	@$(DIST) -B $(BUILD)-dist
	@cmake --build $(BUILD)-dist -j$(JOBS) --target katago
	@sh scripts/make_dist.sh $(BUILD)-dist $(shell uname -m)
	@sh scripts/test_dist.sh dist/ponnuki-*-linux-$(shell uname -m).tar.gz

# One build folder for the package and for the tests of `make arm64`: the programs of the tests use the same libraries.
dist-arm64:  ## the same for 64-bit ARM, cross-compiled and tried under qemu-user (needs an apt system)
	@sh scripts/install_packages.sh arm64
	@sh scripts/foreign_zlib.sh arm64 $(BUILD)-arm64/zlib
	@$(FOREIGN) -B $(BUILD)-arm64 -DPONNUKI_TESTS=ON --toolchain cmake/toolchains/aarch64-linux-gnu.cmake
	@cmake --build $(BUILD)-arm64 -j$(JOBS) --target katago
	@sh scripts/make_dist.sh $(BUILD)-arm64 aarch64 aarch64-linux-gnu-strip
	@sh scripts/test_dist.sh dist/ponnuki-*-linux-aarch64.tar.gz qemu-aarch64-static

dist-armhf:  ## the same for 32-bit ARM with hardware floating point (older Raspberry Pi systems)
	@sh scripts/install_packages.sh armhf
	@sh scripts/foreign_zlib.sh armhf $(BUILD)-dist-armhf/zlib
	@$(FOREIGN) -B $(BUILD)-dist-armhf -DPONNUKI_TESTS=OFF --toolchain cmake/toolchains/arm-linux-gnueabihf.cmake
	@cmake --build $(BUILD)-dist-armhf -j$(JOBS) --target katago
	@sh scripts/make_dist.sh $(BUILD)-dist-armhf armv7l arm-linux-gnueabihf-strip
	@sh scripts/test_dist.sh dist/ponnuki-*-linux-armv7l.tar.gz qemu-arm-static

clean:  ## remove every build folder
	rm -rf $(BUILD) $(BUILD)-dist $(BUILD)-dist-armhf dist $(BUILD)-arm64 $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz
