#!/bin/bash
# Installs the .deb in a bare Debian, starts it by its desktop entry as an ordinary user under
# Xvfb, sees that the window appears, and that a model answers on the command line. Needs root,
# debootstrap, Xvfb, openbox, xdotool, ImageMagick.
#
#   bash installers/linux/test_deb.sh [FILE.deb] [SUITE]      default: dist/fullbore_*.deb bookworm
#
# The picture goes to dist/deb_window.png.
set -euo pipefail
cd "$(dirname "$0")/../.."
built=(dist/fullbore_*.deb)
deb=${1:-${built[-1]}}
suite=${2:-bookworm}
id=io.github.fullbore.Fullbore
root=$(mktemp -d)
chmod 755 "$root"
log=$root.log
began=$SECONDS
screen=

finish() {
    status=$?
    [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
    # Processes of the bare system hold its mounts; they end with their home.
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root" 2>/dev/null)" = "$root" ]; then
            kill -9 "${process#/proc/}" 2>/dev/null || true
        fi
    done
    for place in dev/shm dev proc tmp/.X11-unix; do
        if mountpoint -q "$root/$place"; then umount "$root/$place" || umount -l "$root/$place"; fi
    done
    if grep -q " $root/" /proc/mounts; then
        echo "$root still has mounts; it is left where it is." >&2
    else
        rm -rf "$root" "$log"
    fi
    exit "$status"
}
trap finish EXIT

say() { echo "[$((SECONDS - began)) s] $*"; }
# Runs it quietly; its words are shown only if it fails.
logged() { "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }; }
# Asks ten times a second until the command succeeds, for so many seconds at most.
wait_for() {
    local tries=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        ((tries-- > 0)) || return 1
        sleep 0.1
    done
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
as_user() {
    inside setpriv --reuid 1000 --regid 1000 --clear-groups \
        env HOME=/var/lib/ann XDG_RUNTIME_DIR=/var/lib/ann/run DISPLAY="${display:-}" "$@"
}

say "Making a bare $suite"
logged debootstrap --variant=minbase "$suite" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/shm "$root/dev/shm"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp "$deb" "$root/fullbore.deb"

say "Installing $(basename "$deb")"
logged inside DEBIAN_FRONTEND=noninteractive apt-get update -q
# dex starts desktop entries as a menu does.
logged inside DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    /fullbore.deb dex shared-mime-info
inside useradd --uid 1000 --create-home --home-dir /var/lib/ann ann
inside install -d -o 1000 -g 1000 -m 700 /var/lib/ann/run

say "fullbore probe"
as_user fullbore probe
starter=models/SmolLM2-135M-Instruct.Q4_1.gguf
if [ -f "$starter" ]; then
    say "fullbore chat"
    shelf=/var/lib/ann/.local/share/fullbore/models
    as_user mkdir -p "$shelf"
    install -o 1000 -g 1000 "$starter" "$root$shelf/"
    as_user timeout 120 fullbore chat --prompt "Say hello in five words."
else
    say "Without an answer: $starter is missing; sh installers/test.sh fetches it."
fi

say "Starting the desktop entry"
Xvfb -displayfd 3 -screen 0 1280x860x24 -nolisten tcp 3>"$root/display" 2>/dev/null &
screen=$!
wait_for 20 test -s "$root/display" || { say "Xvfb did not start."; exit 1; }
display=:$(cat "$root/display")
export DISPLAY=$display
openbox >/dev/null 2>&1 &
wait_for 10 xdotool get_desktop
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
as_user dex "/usr/share/applications/$id.desktop" &
started=$(date +%s%N)
window_is_there() { xdotool search --onlyvisible --name Fullbore; }
wait_for 20 window_is_there || { say "No window appeared within 20 s."; exit 1; }
say "The window is there after $((($(date +%s%N) - started) / 1000000)) ms"
sleep 3
mkdir -p dist
import -window root dist/deb_window.png
say "Its picture: dist/deb_window.png"

xdotool key alt+F4
nothing_runs() {
    ! inside sh -c 'ls -l /proc/[0-9]*/exe 2>/dev/null' | grep -q ' /opt/fullbore/'
}
wait_for 15 nothing_runs || { say "Closing the window left processes behind."; exit 1; }
say "Closing the window ended every process"
logged inside DEBIAN_FRONTEND=noninteractive apt-get purge -y -q fullbore
[ ! -e "$root/opt/fullbore" ] || { say "Removing the package left /opt/fullbore."; exit 1; }
say "Removed without a trace. All well."
