#!/bin/bash
# Tries the launcher and the installer under Wine, as an ordinary user would: silent installation,
# files, start menu, registry, arguments with spaces and other scripts, upgrade also while Fullbore
# runs, and removal. Prints a table; ends with 1 if a line of it failed.
#
#   bash installers/windows/test_wine.sh                 with a stand-in for Python, in a minute
#   bash installers/windows/test_wine.sh --payload DIR   with what assemble.py made; where that has
#                                                        no Python, the stand-in takes its place
#
# Needs: apt-get install nsis gcc-mingw-w64-x86-64-posix wine wine64
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=.venv/bin/python
[ -x "$python" ] || python=python3
payload=
case "${1:-}" in
    --payload) payload=$(realpath "$2") ;;
    '') ;;
    *) echo "Usage: bash installers/windows/test_wine.sh [--payload FOLDER]" >&2; exit 2 ;;
esac
for tool in makensis x86_64-w64-mingw32-gcc wine; do
    command -v "$tool" >/dev/null || {
        echo "$tool is missing: apt-get install nsis gcc-mingw-w64-x86-64-posix wine wine64" >&2
        exit 2
    }
done

work=$(mktemp -d)
export WINEPREFIX=$work/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="winemenubuilder.exe=;mshtml=" HOME=$work
export DISPLAY="" LC_ALL=C.UTF-8
failures=0
tidy() {
    wineserver -k 2>/dev/null || true
    rm -rf "$work"
}
trap tidy EXIT

# Wine's wrapper complains of 32-bit parts that nothing here needs.
wine64=$(command -v wine64 || ls /usr/lib/wine/wine64)
command -v wineserver >/dev/null || PATH=$PATH:/usr/lib/wine
row() { # NAME, then a command that must succeed
    local name=$1
    shift
    if "$@" >"$work/last" 2>&1; then
        printf '| %-66s | yes |\n' "$name"
    else
        printf '| %-66s | NO  |\n' "$name"
        sed 's/^/    /' "$work/last" | tail -5
        failures=$((failures + 1))
    fi
}
windows() { run winepath -w "$1" | tr -d '\r'; }
run() { timeout 180 "$wine64" "$@" </dev/null; }
ends_with() { # STATUS, then a command
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    echo "ended with $status, not $wanted"
    [ "$status" = "$wanted" ]
}
value() { # KEY NAME: a value of the registry; NAME may be empty for the default
    if [ -n "$2" ]; then run reg query "HKCU\\$1" /v "$2"; else run reg query "HKCU\\$1" /ve; fi | tr -d '\r'
}
has() { value "$1" "$2" | grep -F -- "$3"; }
lacks_key() { ! run reg query "HKCU\\$1"; }
lacks_value() { ! value "$1" "$2"; }
unchanged() { cmp "$1" "$2"; }
vanished() { # within a minute: the uninstaller goes on from a copy of itself
    for _ in $(seq 600); do
        [ -e "$1" ] || return 0
        sleep 0.1
    done
    find "$1" | head
    return 1
}

compiled() { # SOURCE, then where to
    x86_64-w64-mingw32-gcc -municode -mconsole -static -Os -s -Wall -Wextra -Werror "installers/windows/$1" -o "$2"
}
stand_in() {
    for name in python pythonw; do compiled stand_in.c "$1/python/$name.exe"; done
}
small=
stands_in=1
if [ -z "$payload" ]; then
    small=--quick
    payload=$work/payload
    mkdir -p "$payload"/{python,lib/app}
    # windres and gcc as assemble.py calls them
    "$python" -c 'import sys; from pathlib import Path; from installers.windows.launchers import build_launchers
build_launchers("0.1.0", into=Path(sys.argv[1]), work=Path(sys.argv[2]))' "$payload" "$work"
    stand_in "$payload"
    cp LICENSE "$payload/LICENSE.txt"
elif [ ! -e "$payload/python/python.exe" ]; then
    cp -r "$payload" "$work/payload"
    payload=$work/payload
    stand_in "$payload"
else
    stands_in=
fi
echo one >"$payload/lib/app/first.txt"
"$python" -m installers.windows.setup --payload "$payload" --into "$work/one.exe" ${small:+"$small"} >"$work/made"
size=$(du -m "$work/one.exe" | cut -f1)
# The next version: a file more, and one less. Packed quickly, whatever it is.
first=$work/first
cp -r "$payload" "$first"
rm "$payload/lib/app/first.txt"
echo two >"$payload/lib/app/second.txt"
"$python" -m installers.windows.setup --payload "$payload" --into "$work/two.exe" --version 0.2.0 --quick >>"$work/made"
next=$payload

run wineboot -i >/dev/null 2>&1
profile=$(run cmd /c 'echo %LOCALAPPDATA%' | tr -d '\r')
local=$WINEPREFIX/drive_c/$(sed 's|^C:\\||; s|\\|/|g' <<<"$profile")
folder=$local/Programs/Fullbore
menu=$(find "$WINEPREFIX/drive_c/users" -type d -path '*Start Menu/Programs' -not -path '*Public*' | head -1)
entry='Software\Microsoft\Windows\CurrentVersion\Uninstall\Fullbore'
autostart='Software\Microsoft\Windows\CurrentVersion\Run'
command='"'"$profile"'\Programs\Fullbore\fullbore-window.exe" "%1"'

echo "$("$wine64" --version), $(makensis -VERSION), installer of $size MB"
echo
printf '| %-66s | %-3s |\n|%s|-----|\n' "What" "" "$(printf -- '-%.0s' $(seq 68))"

# What a person has before, and must have after.
mkdir -p "$local/fullbore/models"
echo chats >"$local/fullbore/chats.sqlite"
echo model >"$local/fullbore/models/mine.gguf"

run reg add 'HKCU\Software\Wine' /v Version /d win7 /f >/dev/null 2>&1
row "an older Windows is refused" ends_with 2 run "$work/one.exe" /S
run reg add 'HKCU\Software\Wine' /v Version /d win10 /f >/dev/null 2>&1
row "installs silently" run "$work/one.exe" /S
row "every file is there, byte for byte" diff -r --exclude Uninstall.exe "$first" "$folder"
row "the uninstaller is there" test -s "$folder/Uninstall.exe"
row "nothing is left of the unpacking" test ! -e "$folder/incoming" -a ! -e "$folder/outgoing"
row "nothing is written outside the profile" test -z "$(find "$WINEPREFIX/drive_c/Program Files" "$WINEPREFIX/drive_c/ProgramData" -iname '*fullbore*')"
for word in 'PerMonitorV2' 'UTF-8</activeCodePage>' 'longPathAware xmlns' 'level="asInvoker"'; do
    row "both launchers' manifest: ${word%%[ <]*}" test "$(grep -alF "$word" "$folder/fullbore.exe" "$folder/fullbore-window.exe" | wc -l)" = 2
done
row "start menu entry" test -s "$menu/Fullbore.lnk"
row "start menu entry: its program" grep -aqi fullbore-window.exe "$menu/Fullbore.lnk"
row ".gguf: Open with offers Fullbore" has 'Software\Classes\.gguf\OpenWithProgids' Fullbore.gguf Fullbore.gguf
row ".gguf: its icon" has 'Software\Classes\Fullbore.gguf\DefaultIcon' '' 'fullbore-window.exe,0'
row ".gguf: its command, quoted" has 'Software\Classes\Fullbore.gguf\shell\open\command' '' "$command"
row "fullbore:// is a protocol" has 'Software\Classes\fullbore' 'URL Protocol' 'REG_SZ'
row "fullbore://: its command, quoted" has 'Software\Classes\fullbore\shell\open\command' '' "$command"
row "Settings, Default apps knows it" has 'Software\RegisteredApplications' Fullbore 'Software\Fullbore\Capabilities'
row "Settings, Apps: version" has "$entry" DisplayVersion 0.1.0
row "Settings, Apps: how to remove it silently" has "$entry" QuietUninstallString '\Uninstall.exe" /S'
told=$(value "$entry" EstimatedSize | grep -o '0x[0-9a-f]*' || echo 0)
real=$(du -sk --apparent-size "$folder" | cut -f1)
row "Settings, Apps: size is right ($((told)) of $real KB)" test $((told)) -gt $((real * 8 / 10)) -a $((told)) -lt $((real * 12 / 10 + 64))

if [ -e "$folder/lib/llama_cpp/lib/llama.dll" ]; then
    mkdir -p "$WINEPREFIX/drive_c/ö 库"
    cp -r "$folder/lib" "$WINEPREFIX/drive_c/ö 库/"
    compiled load_libraries.c "$work/load.exe"
    row "llama.cpp loads, its plugins too, from a path with such letters" run "$work/load.exe" 'C:\ö 库\lib'
    rm -r "$WINEPREFIX/drive_c/ö 库"
fi
if [ -n "$stands_in" ]; then
    said=$work/said
    STAND_IN_SAYS=$(windows "$said")
    export STAND_IN_SAYS
    expect() { # PART, then the words
        local part=$1
        shift
        { printf '%s\n' -X utf8 -m "$part"; for word in "$@"; do printf '%s\n' "$word"; done; } >"$work/expected"
    }
    # shellcheck disable=SC1003
    odd=('C:\ä b\模型.gguf' 'say "hello"' '' 'ends with \' '--prompt=ünï & | ^ %PATH%')
    expect app "${odd[@]}"
    row "the window's launcher ends with Python's status" ends_with 7 env STAND_IN_ENDS=7 "$wine64" "$folder/fullbore-window.exe" "${odd[@]}"
    row "the window's launcher passes spaces, quotes, umlauts, Chinese" unchanged "$work/expected" "$said"
    expect engine chat --prompt "${odd[@]}"
    row "the terminal's launcher ends with Python's status" ends_with 3 env STAND_IN_ENDS=3 "$wine64" "$folder/fullbore.exe" chat --prompt "${odd[@]}"
    row "the terminal's launcher passes them too" unchanged "$work/expected" "$said"
    row "what Python prints goes to the pipe (terminal)" grep stand-in <("$wine64" "$folder/fullbore.exe" list)
    row "what Python prints goes to the pipe (window)" grep stand-in <("$wine64" "$folder/fullbore-window.exe" --version)
    row "the window's launcher started as by a click" run start /wait /unix "$folder/fullbore-window.exe"
    row "what Python prints then goes to a file" grep -r --include fullbore-window.log stand-in "$WINEPREFIX/drive_c/users"
    mkdir -p "$WINEPREFIX/drive_c/ä b/模型"
    cp -r "$folder" "$WINEPREFIX/drive_c/ä b/模型/"
    expect engine probe
    row "runs from a folder with spaces, umlauts and Chinese" run "C:\\ä b\\模型\\Fullbore\\fullbore.exe" probe
    row "and says so to Python" unchanged "$work/expected" "$said"
    mv "$WINEPREFIX/drive_c/ä b/模型/Fullbore/python" "$WINEPREFIX/drive_c/ä b/模型/gone"
    row "without its Python it says that it is not complete" grep -i "installing it again" <("$wine64" "C:\\ä b\\模型\\Fullbore\\fullbore.exe" probe 2>&1)

    # An upgrade while it runs: waits, and goes on when the person has closed it.
    touch "$work/open"
    STAND_IN_WAITS=$(windows "$work/open") "$wine64" "$folder/fullbore-window.exe" </dev/null >/dev/null 2>&1 &
    window=$!
    for _ in $(seq 100); do
        [ "$(sed -n 4p "$said" 2>/dev/null)" = app ] && break
        sleep 0.1
    done
    run "$work/two.exe" /S >/dev/null 2>&1 &
    setup=$!
    sleep 4 # long enough for an installer that does not wait
    row "an upgrade kills nothing that runs" kill -0 "$window"
    row "and has changed nothing yet" test -e "$folder/lib/app/first.txt" -a ! -e "$folder/lib/app/second.txt"
    row "it still waits" kill -0 "$setup"
    rm "$work/open"
    row "closed, the window ends by itself" wait "$window"
    row "then the upgrade goes through" wait "$setup"
    row "the new files are there" test -e "$folder/lib/app/second.txt"
else
    row "an upgrade goes through" run "$work/two.exe" /S
    row "the new files are there" test -e "$folder/lib/app/second.txt"
fi
row "the old ones are gone" test ! -e "$folder/lib/app/first.txt"
row "every file of the new version is there, byte for byte" diff -r --exclude Uninstall.exe "$next" "$folder"
row "Settings, Apps: the new version" has "$entry" DisplayVersion 0.2.0
row "chats and models are untouched" unchanged "$local/fullbore/chats.sqlite" <(echo chats)

mkdir -p "$WINEPREFIX/drive_c/mine/lib"
echo mine >"$WINEPREFIX/drive_c/mine/lib/mine.txt"
row "a folder with other things in it is refused" ends_with 2 run "$work/two.exe" /S '/D=C:\mine'
row "and left as it was" test "$(find "$WINEPREFIX/drive_c/mine" -type f)" = "$WINEPREFIX/drive_c/mine/lib/mine.txt"

run reg add "HKCU\\$autostart" /v Fullbore /d x /f >/dev/null 2>&1
run reg add "HKCU\\$autostart" /v Other /d x /f >/dev/null 2>&1
run reg add 'HKCU\Software\Classes\.gguf\OpenWithProgids' /v Other.gguf /d "" /f >/dev/null 2>&1
echo note >"$folder/note.txt"
row "uninstalls silently" run "$folder/Uninstall.exe" /S
row "its programs are gone" vanished "$folder/Uninstall.exe"
row "a file of the person's in its folder stays" test "$(ls -A "$folder")" = note.txt
row "the start menu entry is gone" vanished "$menu/Fullbore.lnk"
row "Settings, Apps: gone" lacks_key "$entry"
row ".gguf and fullbore:// are gone" lacks_key 'Software\Classes\fullbore'
row "other programs' .gguf stays" has 'Software\Classes\.gguf\OpenWithProgids' Other.gguf Other.gguf
row "autostart is gone" lacks_value "$autostart" Fullbore
row "other programs' autostart stays" has "$autostart" Other x
row "Settings, Default apps no longer knows it" lacks_value 'Software\RegisteredApplications' Fullbore
row "chats and models are still there" test -s "$local/fullbore/chats.sqlite" -a -s "$local/fullbore/models/mine.gguf"

rm -r "$folder"

# Elsewhere, as a person may name it; the old chats are found there, too.
# Through cmd: /D= must stand without quotes, which Wine puts around any word with a space.
elsewhere="$WINEPREFIX/drive_c/ü 程序/Fullbore"
row "installs into a folder with spaces, umlauts and Chinese" run cmd /c "$(windows "$work/two.exe") /S /D=C:\ü 程序\Fullbore"
row "every file is there, byte for byte (elsewhere)" diff -r --exclude Uninstall.exe "$next" "$elsewhere"
# What reg prints is in the console's letters; what it writes into a file is not.
run reg export 'HKCU\Software\Classes\Fullbore.gguf\shell\open\command' "$(windows "$work/kept.reg")" /y >/dev/null 2>&1
row ".gguf: its command there, in the same letters" grep -F '"\"C:\\ü 程序\\Fullbore\\fullbore-window.exe\" \"%1\""' <(iconv -f UTF-16 "$work/kept.reg")
if [ -n "$stands_in" ]; then
    expect app 'C:\模型\ä b.gguf'
    row "and runs from there" run "$elsewhere/fullbore-window.exe" 'C:\模型\ä b.gguf'
    row "with its words" unchanged "$work/expected" "$said"
fi
row "the next one goes there by itself" run "$work/one.exe" /S
row "and went nowhere else" test -e "$elsewhere/lib/app/first.txt" -a ! -e "$folder"
row "uninstalls from there" run "$elsewhere/Uninstall.exe" /S
row "nothing is left there" vanished "$elsewhere"
row "chats and models are still there (elsewhere)" test -s "$local/fullbore/chats.sqlite" -a -s "$local/fullbore/models/mine.gguf"

row "installs again" run "$work/two.exe" /S
row "uninstalls with chats and models, when asked to" run "$folder/Uninstall.exe" /S /DELETE-CHATS-AND-MODELS
row "its folder is gone" vanished "$folder"
row "chats and models are gone" vanished "$local/fullbore"
wineserver -w 2>/dev/null || true
find "$WINEPREFIX/drive_c/users" -name fullbore-window.log -delete # Windows' own to tidy
row "nothing of Fullbore is left in the profile" test -z "$(find "$WINEPREFIX/drive_c/users" -iname '*fullbore*' | grep -v -i /temp/)"
row "nothing of Fullbore is left in the registry" test -z "$(grep -i fullbore "$WINEPREFIX/user.reg" | grep -v -i 'MuiCache\|RecentDocs')"

echo
if [ "$failures" = 0 ]; then echo "All is well."; else echo "$failures failed."; exit 1; fi
