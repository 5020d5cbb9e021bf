#!/bin/sh
# Installs the test extras and runs every check, then every test. --soak runs the long counts.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=installers/setup.sh
. installers/setup.sh

case "${1:-}" in
    '') ;;
    --soak) ;;
    *) echo "Usage: sh installers/test.sh [--soak]" >&2; exit 2 ;;
esac

is_prepared test auto || prepare test auto ''
.venv/bin/python -m installers.fetch_starter models
export PATH="$PWD/.venv/bin:$PATH" QT_QPA_PLATFORM=offscreen

if [ "${1:-}" = --soak ]; then
    exec pytest -m soak -s --timeout 0 -o faulthandler_timeout=0
fi

run() {
    echo "$ $*"
    "$@"
}
run ruff format --check .
run ruff check .
run basedpyright
run lint-imports
echo "$ pytest"
# Last, so that its summary is the last line and its status is this script's.
# What needs a card says so where there is none (-rs).
exec pytest -m "not soak" -rs
