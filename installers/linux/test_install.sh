#!/bin/bash
# Installs the package in a bare Debian and does what a person does, as an ordinary user, without
# a terminal: starts it from its menu entry, chats with the starter model, opens a .gguf and a
# link by double-click and by xdg-open, tries to install over the running window, closes, puts a
# newer version over it, removes, and looks at every file that is left. Needs root, debootstrap,
# dpkg-deb, Xvfb, openbox, xdotool, ImageMagick and Python. Pictures go to dist/install-*.png.
#
#   bash installers/linux/test_install.sh [--quick] [--tar] [SUITE…]
#
# SUITE: bookworm and trixie, unless one is named. --tar installs the .tar.xz for the user alone.
# --quick: one suite, no file manager. The bare systems are kept in build/bases for the next time.
set -euo pipefail
cd "$(dirname "$0")/../.."
id=io.github.fullbore.Fullbore
starter=models/SmolLM2-135M-Instruct.Q4_1.gguf
first_token_bar=20000 # milliseconds from the start to the first token

quick=no kind=deb suites=()
for word in "$@"; do
    case "$word" in
        --quick) quick=yes ;;
        --tar) kind=tar ;;
        -*) sed -n '8p' "$0" | cut -c5- >&2; exit 2 ;;
        *) suites+=("$word") ;;
    esac
done
if [ ${#suites[@]} = 0 ]; then suites=(bookworm trixie); fi
if [ $quick = yes ]; then suites=("${suites[0]}"); fi
if [ $kind = deb ]; then built=(dist/fullbore_*.deb); else built=(dist/fullbore-*.tar.xz); fi
package=${built[-1]}
[ -f "$package" ] || { echo "There is no $package: sh installers/linux/build.sh makes it." >&2; exit 1; }
[ -f "$starter" ] || { echo "$starter is missing; sh installers/test.sh fetches it." >&2; exit 1; }
if [ $kind = deb ]; then program=/opt/fullbore; else program=/var/lib/ann/.local/opt/fullbore; fi

root=$(mktemp -d)
log=$root.log
began=$SECONDS
screen=
display=

say() { echo "[$((SECONDS - began)) s] $*"; }
fail() {
    say "FAILED: $*"
    if [ -n "$display" ]; then import -window root "dist/install-$kind-failed.png" || true; fi
    tail -n 15 "$root/var/lib/ann/.local/share/fullbore/logs/window.log" 2>/dev/null || true
    exit 1
}
# Runs it quietly; its words are shown only if it fails.
logged() { "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "$*"; }; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
# Asks again and again until the command succeeds, for so many seconds at most.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
as_user() {
    inside setpriv --reuid 1000 --regid 1000 --clear-groups env -C /var/lib/ann \
        HOME=/var/lib/ann XDG_RUNTIME_DIR=/var/lib/ann/run DISPLAY="$display" \
        PATH=/var/lib/ann/.local/bin:/usr/bin:/bin "$@"
}
apt() { logged inside DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends "$@"; }

tear_down() {
    if [ -n "$screen" ]; then kill "$screen" 2>/dev/null || true; fi
    screen='' display=''
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
}
trap tear_down EXIT

# --- the bare system ---

make_system() {
    local base=build/bases/$1.tar
    mkdir -p "$root"
    chmod 755 "$root"
    if [ ! -s "$base" ]; then
        logged debootstrap --variant=minbase "$1" "$root"
        mkdir -p build/bases
        tar -C "$root" -cf "$base.part" .
        mv "$base.part" "$base"
    else
        tar -C "$root" -xf "$base"
    fi
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount --bind /dev/shm "$root/dev/shm"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    inside useradd --uid 1000 --create-home --home-dir /var/lib/ann ann
    inside install -d -o 1000 -g 1000 -m 700 /var/lib/ann/run
    logged inside apt-get update -q
}

# What a desktop has: menus, types of files, a program that opens them.
install_desktop() {
    local parts=(dex shared-mime-info desktop-file-utils xdg-utils libglib2.0-bin hicolor-icon-theme)
    if [ $quick = no ]; then parts+=(pcmanfm adwaita-icon-theme); fi
    apt install "${parts[@]}"
}

unpack_tar() {
    rm -rf "$root/var/lib/ann/unpacked"
    as_user mkdir unpacked
    as_user tar --strip-components=1 -xJf - -C unpacked <"$package"
}

install_package() {
    local started
    started=$(now_ms)
    if [ $kind = deb ]; then
        cp "$package" "$root/fullbore.deb"
        apt install /fullbore.deb
    else
        unpack_tar
        logged as_user sh unpacked/install.sh
        rm -rf "$root/var/lib/ann/unpacked"
    fi
    say "Installed $(basename "$package") in $((($(now_ms) - started) / 1000)) s"
}

# The same program under a higher version: what dpkg does with its files is what counts here.
install_newer() {
    local tree=$root/newer
    dpkg-deb --raw-extract "$package" "$tree"
    sed -i 's/^Version: .*/&+next/' "$tree/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone --build "$tree" "$root/newer.deb" >/dev/null
    rm -rf "$tree"
    apt install /newer.deb
    say "Upgraded to $(inside dpkg -s fullbore | sed -n 's/^Version: //p')"
}

# The running window keeps the files it was started with.
refused_while_running() {
    if [ $kind = deb ]; then
        if inside dpkg -i /fullbore.deb >"$log" 2>&1; then fail "It was installed over a running window."; fi
        if inside dpkg -r fullbore >"$log.2" 2>&1; then fail "It was removed under a running window."; fi
        cat "$log.2" >>"$log" && rm "$log.2"
    else
        unpack_tar
        if as_user sh unpacked/install.sh >"$log" 2>&1; then fail "It was installed over a running window."; fi
        rm -rf "$root/var/lib/ann/unpacked"
    fi
    grep -q "^Fullbore is running" "$log" || { tail "$log" >&2; fail "Nothing said why it was refused."; }
    one_window || fail "The window is gone: $(running)"
    say "While it runs, installing says: $(grep -m1 "^Fullbore is running" "$log")"
    logged as_user fullbore --version
}

start_screen() {
    Xvfb -displayfd 3 -screen 0 1280x860x24 -nolisten tcp 3>"$root/display" 2>/dev/null &
    screen=$!
    wait_for 20 test -s "$root/display" || fail "Xvfb did not start."
    display=:$(cat "$root/display")
    export DISPLAY=$display
    openbox >/dev/null 2>&1 &
    wait_for 10 xdotool get_desktop || fail "openbox did not start."
    mkdir -p "$root/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
}

# --- what is seen of the program ---

running() {
    local process
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/root" 2>/dev/null)" = "$root" ] || continue
        case "$(readlink "$process/exe" 2>/dev/null)" in
            *"$program"/*) tr '\0' ' ' <"$process/cmdline" && echo ;;
        esac
    done
}
nothing_runs() { [ -z "$(running)" ]; }
# A window's children are the same program with a word like --worker.
windows_running() { running | grep -vcE ' --(worker|background|download|examine|clients)( |$)' || true; }
one_window() { [ "$(windows_running)" = 1 ]; }
window_is_there() { xdotool search --onlyvisible --class fullbore; }
# A window that goes while xdotool looks at all of them ends it.
focus_once() { xdotool search --onlyvisible --class fullbore windowactivate --sync; }
focus_window() { wait_for 10 focus_once || fail "The window takes no keys."; }
picture() { import -window root "dist/install-$kind-$suite-$1.png"; }
# How many answers with at least a word there are in the person's chats.
answers() {
    python3 - "$root/var/lib/ann/.local/share/fullbore/chats.sqlite" <<'ASK'
import sqlite3, sys
chats = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=5)
print(chats.execute("SELECT count(*) FROM messages WHERE role='assistant' AND content<>''").fetchone()[0])
ASK
}
asked() { grep -aq "$1" "$root/var/lib/ann/.local/share/fullbore/"chats.sqlite*; }
sent_by_link() { focus_once && xdotool key Return && sleep 1 && asked "From a link"; }
answered() { [ "$(answers)" -gt "$1" ]; }
last_model_is() { grep -q "last_model = .*$1" "$root/var/lib/ann/.local/share/fullbore/ui.toml"; }

# Types a question into the window and waits for the answer. $1: when the program was started.
chat() {
    local before
    before=$(answers)
    xdotool key Escape # a first guide may stand before the chat
    xdotool type --delay 20 "Say hello in five words."
    xdotool key Return
    wait_for 30 answered "$before" || fail "No answer in the window within 30 s."
    took=$(($(now_ms) - $1))
    say "An answer stands in the window $took ms after the start"
    [ $took -le $first_token_bar ] || fail "The bar is $first_token_bar ms."
}

close_window() {
    focus_window
    xdotool key alt+F4
    wait_for 15 nothing_runs || fail "Closing the window left processes: $(running)"
    say "Closing the window ended every process"
}

wait_for_window() {
    wait_for 20 window_is_there || fail "No window appeared within 20 s."
    say "The window is there after $(($(now_ms) - $1)) ms"
    focus_window
}

# A file manager that shows one thing, and a double-click on it.
double_click() {
    local folder=$1
    as_user pcmanfm --no-desktop "$folder" >/dev/null 2>&1 &
    wait_for 15 xdotool search --onlyvisible --class pcmanfm || fail "pcmanfm did not start."
    local manager
    manager=$(xdotool search --onlyvisible --class pcmanfm | tail -1)
    xdotool windowactivate --sync "$manager"
    # Its first icon is painted a moment after the window is there.
    sleep 1.5
    xdotool mousemove --window "$manager" "$icon_x" "$icon_y"
    sleep 0.3
    picture "manager-$(basename "$folder")"
    clicked=$(now_ms)
    xdotool click --repeat 2 --delay 120 1
}
close_manager() {
    local manager
    for manager in $(xdotool search --onlyvisible --class pcmanfm); do
        xdotool windowclose "$manager"
    done
}

# --- the person ---

prepare_person() {
    local shelf=/var/lib/ann/.local/share/fullbore/models
    as_user mkdir -p "$shelf" .config/pcmanfm/default .config/libfm gguf program
    install -o 1000 -g 1000 "$starter" "$root$shelf/"
    install -o 1000 -g 1000 "$starter" "$root/var/lib/ann/gguf/Another.gguf"
    printf '[ui]\nside_pane_mode=hidden;places\nview_mode=icon\nshow_statusbar=0\ntoolbar=\n' |
        as_user tee .config/pcmanfm/default/pcmanfm.conf >/dev/null
    # A menu entry in a folder is started at once, as the menu does.
    printf '[config]\nquick_exec=1\nsingle_click=0\n' | as_user tee .config/libfm/libfm.conf >/dev/null
    if [ $kind = deb ]; then entry=/usr/share/applications/$id.desktop; else
        entry=/var/lib/ann/.local/share/applications/$id.desktop
    fi
    as_user cp "$entry" program/
}

from_the_menu() {
    local started
    started=$(now_ms)
    as_user dex "$entry" >/dev/null 2>&1 &
    wait_for_window "$started"
    chat "$started"
    picture chat
}

to_the_running_window() {
    if [ $quick = no ]; then
        double_click /var/lib/ann/gguf
        wait_for 15 last_model_is Another || fail "A double-click on a .gguf did not reach the window."
        say "A double-clicked .gguf reached the running window after $(($(now_ms) - clicked)) ms"
        close_manager
    else
        as_user gio open gguf/Another.gguf
        wait_for 15 last_model_is Another || fail "gio open of a .gguf did not reach the window."
        say "gio open of a .gguf reached the running window"
    fi
    as_user xdg-open "fullbore://chat?text=From%20a%20link" >/dev/null 2>&1 ||
        fail "xdg-open does not open a link."
    wait_for 10 one_window || fail "A link opened a second program: $(running)"
    # The text waits for the person to send it; sent, it is one of the chat's.
    wait_for 20 sent_by_link || fail "A link did not reach the window."
    picture link
    say "A link by xdg-open went to the running window"
}

by_double_click() {
    double_click /var/lib/ann/program
    wait_for_window "$clicked"
    close_manager
    focus_window
    chat "$clicked"
    picture double-click
    close_window
}

# Every file there is but those of dpkg and apt, logs, and the certificates' bundle.
files() {
    inside find / -xdev -path /proc -prune -o -path /dev -prune -o -not -type d -print |
        grep -vE '^/(var/(lib/(dpkg|apt)|cache|log)|etc/(ssl/certs|ca-certificates.conf)|tmp|run|newer\.deb|fullbore\.deb|display)(/|$)' |
        grep -vE '^/(left|before|owned)$' | LC_ALL=C sort
}
owned() {
    inside sh -c 'cat /var/lib/dpkg/info/*.list' | sed -E 's,^/(bin|sbin|lib|lib64)/,/usr/\1/,' | LC_ALL=C sort -u
}

remove_package() {
    if [ $kind = deb ]; then
        apt purge fullbore
    else
        as_user sh .local/opt/fullbore/install.sh --remove
    fi
    owned >"$root/owned"
    # What the person keeps, and what this test gave them.
    files | LC_ALL=C comm -13 "$root/before" - | LC_ALL=C comm -23 - "$root/owned" |
        grep -vE '^/var/lib/ann/(\.local/share/fullbore|gguf|program|\.config/(pcmanfm|libfm))/' >"$root/left" || true
    [ -s "$root/before" ] && [ -s "$root/owned" ] || fail "The files were not listed."
    say "Removed. Files since the start that are no package's, outside ~/.local/share/fullbore: $(wc -l <"$root/left")"
    sed 's/^/    /' "$root/left"
    # xargs is content where there is nothing to look at.
    if [ -s "$root/left" ] && { grep -i fullbore "$root/left" ||
        (cd "$root" && sed 's,^/,,' left | xargs -r -d '\n' grep -lia fullbore --); }; then
        fail "Removing left the files above."
    fi
    [ "$(answers)" -gt 0 ] || fail "The chats are gone."
}

try_suite() {
    say "--- $kind on a bare $suite"
    make_system "$suite"
    if [ $kind = tar ]; then
        # What any desktop brings; the package of Debian names it, the .tar.xz cannot ask for it.
        needed=$(sed -n 's/^Depends: //p' installers/linux/control | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g')
        if [ "$suite" = bookworm ]; then needed=${needed//t64/}; fi
        # shellcheck disable=SC2086 # names, one word each
        apt install $needed xz-utils
    fi
    install_desktop
    files >"$root/before"
    install_package
    say "$(as_user fullbore --version), $(as_user fullbore probe --json | wc -c) bytes of probe"
    start_screen
    prepare_person
    from_the_menu
    refused_while_running
    to_the_running_window
    close_window
    if [ $quick = no ]; then by_double_click; fi
    answers_before=$(answers)
    if [ $kind = deb ]; then install_newer; else install_package; fi
    [ "$(answers)" = "$answers_before" ] || fail "Of $answers_before answers $(answers) are left."
    from_the_menu
    close_window
    remove_package
    tear_down
}

mkdir -p dist
icon_x=52 icon_y=88 # of the first icon in a window of the file manager
for suite in "${suites[@]}"; do
    try_suite
done
say "All well."
