# Sourced by run.sh and test.sh, from the repository's root. POSIX sh.
# shellcheck shell=sh

# Prints the first Python that is new enough.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

has_library() {
    case "$libraries" in *"$1"*) return 0 ;; *) return 1 ;; esac
}

# Is llama.cpp there, in the right version, as installers/engine/build.py makes it? $1: auto, cpu or cuda.
has_prebuilt() {
    version=$(sed -n 's/^VERSION = "\(.*\)"$/\1/p' installers/choose_build.py)
    [ "$1" != cuda ] && [ -d "build/engine/llama_cpp_python-$version.dist-info" ]
}

# Prints the Debian packages that are missing. $1: terminal, window or test; $2: auto, cpu or cuda.
missing_packages() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    libraries=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null)
    if has_prebuilt "$2"; then
        has_library libgomp.so.1 || echo libgomp1
    elif ! command -v cc >/dev/null 2>&1 || ! command -v c++ >/dev/null 2>&1; then
        echo build-essential
    fi
    [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -n "${SSL_CERT_FILE:-}" ] || echo ca-certificates
    [ "$1" != terminal ] || return 0
    if [ "$1" = test ]; then
        command -v Xvfb >/dev/null 2>&1 || echo xvfb
        [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || echo fonts-noto-cjk
    fi
    while read -r file package; do
        has_library "$file" || echo "$package"
    done <<LIST
libEGL.so.1 libegl1
libGL.so.1 libgl1
libglib-2.0.so.0 libglib2.0-0
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libdbus-1.so.3 libdbus-1-3
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
LIST
}

# Installs the missing packages where it may, else says what to type. $1 and $2 as above.
ensure_packages() {
    missing=$(missing_packages "$1" "$2" | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Fullbore needs these, under the names Debian gives them: $missing" >&2
        echo "This system has no apt-get; install them with its own tool, then start again." >&2
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        echo "Fullbore needs some system packages. Type this, then start again:" >&2
        echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing" >&2
        return 1
    fi
    echo "Installing system packages: $missing"
    # Words are meant to split here.
    # shellcheck disable=SC2086
    $as_root apt-get update -q &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends $missing
}

ensure_venv() {
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        echo "Making .venv with $("$python" -V)"
        "$python" -m venv --clear .venv || return 1
    fi
}

# What an installation depends on. $1: auto, cpu or cuda.
fingerprint() {
    driver=none
    if command -v nvidia-smi >/dev/null 2>&1 || [ -e /proc/driver/nvidia/version ]; then
        driver=nvidia
    fi
    echo "$(cat pyproject.toml installers/choose_build.py | sha256sum | cut -d' ' -f1) $1 $driver"
}

# Is all in place? $1: terminal, window or test; $2: auto, cpu or cuda.
is_prepared() {
    [ -x .venv/bin/python ] && [ "$(cat ".venv/ready-for-$1" 2>/dev/null)" = "$(fingerprint "$2")" ]
}

# Saves compiling, where .venv has no llama.cpp yet.
take_prebuilt() {
    packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    if [ -d "$packages/llama_cpp" ]; then return 0; fi
    echo "llama.cpp: the build for every processor in build/engine, because it is there."
    cp -R build/engine/. "$packages/" || return 1
    # What it requires, too.
    .venv/bin/python -m pip install --disable-pip-version-check -q \
        "$(.venv/bin/python -c 'from installers.install_engine import REQUIREMENT; print(REQUIREMENT)')"
}

# Makes .venv and fills it. $1 and $2 as above; $3: the wheels' index, or nothing.
prepare() {
    python=$(find_python) || {
        echo "Fullbore needs Python 3.11 or newer; Debian 12 and Ubuntu 24.04 bring it." >&2
        return 1
    }
    ensure_packages "$1" "$2" || return 1
    case "$1" in
        test) wanted='.[test]' filled=test stamps='terminal window test' ;;
        window) wanted=. filled=terminal stamps='terminal window' ;;
        *) wanted=. filled=terminal stamps=terminal ;;
    esac
    if ! is_prepared "$filled" "$2"; then
        force=
        [ "$2" = auto ] || force="--$2"
        ensure_venv || return 1
        # What an interruption leaves behind is ready for nothing.
        rm -f .venv/ready-for-*
        if has_prebuilt "$2"; then take_prebuilt || return 1; fi
        # An empty word must vanish here.
        # shellcheck disable=SC2086
        .venv/bin/python -m installers.install_engine $force ${3:+--index "$3"} || return 1
        echo "Installing Fullbore and what it needs"
        .venv/bin/python -m pip install --disable-pip-version-check --editable "$wanted" ||
            return 1
    fi
    for stamp in $stamps; do
        fingerprint "$2" >".venv/ready-for-$stamp"
    done
}
