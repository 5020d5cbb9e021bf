#!/bin/sh
# Starts Fullbore from its repository; at first it installs what is missing, all inside .venv.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=installers/setup.sh
. installers/setup.sh

usage() {
    cat <<'TEXT'
Usage: sh installers/run.sh [options]

  --prompt TEXT   print one answer and exit
  --cpu           run on the processor, even where there is an NVIDIA card
  --cuda          insist on CUDA
  --index URL     where to look for prebuilt wheels of llama-cpp-python
  --help          this text
TEXT
}

forced=auto index='' prompt='' asked=no
while [ $# -gt 0 ]; do
    case "$1" in
        --cpu) forced=cpu ;;
        --cuda) forced=cuda ;;
        --index | --prompt)
            [ $# -ge 2 ] || { echo "$1 needs a value after it." >&2; exit 2; }
            if [ "$1" = --index ]; then index=$2; else prompt=$2 asked=yes; fi
            shift
            ;;
        --help | -h) usage; exit 0 ;;
        *) echo "Unknown option: $1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done

surface=window
if [ $asked = yes ]; then
    surface=terminal
elif [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    surface=terminal
fi

if [ "$forced" = auto ]; then
    # A build that was forced once stays until another is asked for.
    for kept in cpu cuda; do
        if is_prepared $surface $kept; then forced=$kept; fi
    done
fi
if ! is_prepared $surface $forced; then
    # With --prompt, stdout is the answer alone.
    prepare $surface $forced "$index" >&2
fi
.venv/bin/python -m installers.fetch_starter >&2

if [ $asked = yes ]; then
    exec .venv/bin/python -m engine chat --prompt="$prompt"
elif [ $surface = terminal ]; then
    echo "There is no display here, so this is a chat in the terminal."
    exec .venv/bin/python -m engine chat
fi
exec .venv/bin/python -m app
