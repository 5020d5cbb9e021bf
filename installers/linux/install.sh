#!/bin/sh
# Installs Fullbore for you alone, or removes it. Needs no root, and lies in what was unpacked.
#
#   sh install.sh             into ~/.local/opt/fullbore, with a menu entry and two commands
#   sh install.sh --remove    takes all of that away; your chats and models stay
set -eu
id=io.github.fullbore.Fullbore
unpacked=$(cd "$(dirname "$0")" && pwd -P)
target=$HOME/.local/opt/fullbore
commands=$HOME/.local/bin
shared=${XDG_DATA_HOME:-$HOME/.local/share}
kept=${FULLBORE_HOME:-$shared/fullbore}

fail() {
    echo "$1" >&2
    exit 1
}

# A desktop's caches. The programs that write them may be missing: then there are none.
refresh() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$shared/applications" || true
    fi
    if command -v update-mime-database >/dev/null 2>&1; then
        update-mime-database "$shared/mime" >/dev/null 2>&1 || true
    fi
    if [ -e "$shared/icons/hicolor/icon-theme.cache" ]; then
        gtk-update-icon-cache -q -t "$shared/icons/hicolor" 2>/dev/null || true
    fi
}

refuse_while_running() {
    for process in /proc/[0-9]*; do
        case "$(readlink "$process/exe" 2>/dev/null)" in
            "$target"/*) fail "Fullbore is running. Close it, then start this again." ;;
        esac
    done
}

# Deletes a folder and those above it that hold nothing, up to the one that is given last.
prune() {
    folder=$1
    while [ "$folder" != "$2" ] && rmdir "$folder" 2>/dev/null; do
        folder=$(dirname "$folder")
    done
}

remove() {
    refuse_while_running
    find "$shared/applications" "$shared/icons/hicolor" "$shared/metainfo" "$shared/mime/packages" \
        -name "$id.*" -exec rm -f {} + 2>/dev/null || true
    for name in fullbore fullbore-window; do
        case "$(readlink "$commands/$name" 2>/dev/null)" in
            "$target"/*) rm -f "$commands/$name" ;;
        esac
    done
    autostart=${XDG_CONFIG_HOME:-$HOME/.config}/autostart/$id.desktop
    if grep -qs -F "$target/" "$autostart"; then rm -f "$autostart"; fi
    refresh
    # What refresh writes when nothing is left to tell of.
    if [ -d "$shared/mime/packages" ] && prune "$shared/mime/packages" "$shared/mime" &&
        [ ! -d "$shared/mime/packages" ]; then
        rm -rf "$shared/mime"
    fi
    if ! ls "$shared/applications/"*.desktop >/dev/null 2>&1; then
        rm -f "$shared/applications/mimeinfo.cache"
    fi
    rm -rf "$target" "$target.new" "$target.old"
    for folder in "$shared/icons/hicolor"/*/apps "$shared/applications" "$shared/metainfo" \
        "$commands" "$(dirname "$target")"; do
        prune "$folder" "$HOME"
    done
    echo "Fullbore is removed."
    if [ -d "$kept" ]; then
        echo "Your chats, models and settings stay in $kept; delete that folder if you want them gone."
    fi
}

# A path as the first word of a desktop entry's Exec: two layers of backslashes, and % is its sign.
# Quotes only where they are needed: xdg-open does not understand them.
quoted() {
    case "$1" in
        *[!A-Za-z0-9/._-]*)
            printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g; s/%/%%/g')"
            ;;
        *) printf '%s' "$1" ;;
    esac
}

install() {
    if [ ! -x "$unpacked/fullbore-window" ] || [ ! -d "$unpacked/share" ]; then
        fail "install.sh must lie in the folder that was unpacked, beside fullbore-window."
    fi
    refuse_while_running
    if [ "$unpacked" != "$target" ]; then
        mkdir -p "$(dirname "$target")"
        rm -rf "$target.new"
        # Whole, or not at all: the version that is there goes when the new one lies beside it.
        cp -a "$unpacked" "$target.new" || {
            rm -rf "$target.new"
            fail "Fullbore could not be copied to $target; what was there before is as it was."
        }
        rm -rf "$target.old"
        if [ -e "$target" ]; then mv "$target" "$target.old"; fi
        mv "$target.new" "$target"
        rm -rf "$target.old"
    fi
    mkdir -p "$commands" "$shared"
    ln -sf "$target/fullbore" "$target/fullbore-window" "$commands/"
    (cd "$target/share" && find applications icons metainfo mime -type f) | while read -r file; do
        mkdir -p "$shared/$(dirname "$file")"
        cp "$target/share/$file" "$shared/$file"
    done
    # A desktop's own PATH may lack ~/.local/bin, and its icons those of ~/.local.
    while read -r line; do
        case "$line" in
            Exec=fullbore-window*)
                printf 'Exec=%s%s\n' "$(quoted "$target/fullbore-window")" "${line#Exec=fullbore-window}"
                ;;
            TryExec=*) printf 'TryExec=%s\n' "$(printf '%s' "$target/fullbore-window" | sed 's/\\/\\\\/g')" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done <"$target/share/applications/$id.desktop" >"$shared/applications/$id.desktop"
    refresh
    echo "Fullbore is installed in $target. You find it in the menu."
    case ":$PATH:" in
        *":$commands:"*) echo "In a terminal: fullbore, and fullbore-window." ;;
        *) echo "In a terminal: $commands/fullbore (log in anew, and \`fullbore\` is enough)." ;;
    esac
    echo "To remove it: sh \"$target/install.sh\" --remove"
}

case "${1:-}" in
    '') install ;;
    --remove) remove ;;
    *) fail "Usage: sh install.sh [--remove]" ;;
esac
