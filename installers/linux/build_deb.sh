#!/bin/sh
# Makes dist/fullbore_VERSION_amd64.deb. POSIX sh; needs no root.
#
#   sh installers/linux/build_deb.sh            with build/engine, made by installers/engine/build.py
#   sh installers/linux/build_deb.sh --local    with .venv's llama.cpp, which is for processors
#                                               like this one: to try out, not to give away
# COMPRESSION=1 … 9 (default 6) is xz's level.
set -eu
cd "$(dirname "$0")/../.."
id=io.github.fullbore.Fullbore
here=installers/linux
root=build/deb

fail() {
    echo "$1" >&2
    exit 1
}

[ -x .venv/bin/pyinstaller ] || fail "Run sh installers/test.sh first: it installs PyInstaller into .venv."
command -v dpkg-deb >/dev/null || fail "dpkg-deb is missing; a .deb is made on Debian or Ubuntu."
# PyInstaller leaves a library out, without a word, that the building machine lacks.
for library in libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-keysyms.so.1 libxkbcommon-x11.so.0; do
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "$library" ||
        fail "$library is missing here and would be missing in the .deb; sh installers/test.sh installs it."
done
for size in 16 32 48 64 128 256; do
    [ -s "assets/icons/fullbore-$size.png" ] || fail "assets/icons/fullbore-$size.png is missing."
done

case "${1:-}" in
    --local) echo "With .venv's llama.cpp: this .deb runs on processors like this one only." ;;
    '')
        [ -d build/engine/llama_cpp ] ||
            fail "build/engine is missing: run .venv/bin/python -m installers.engine.build, or give --local."
        PYTHONPATH=$PWD/build/engine
        export PYTHONPATH
        ;;
    *) fail "Usage: sh installers/linux/build_deb.sh [--local]" ;;
esac

version=$(.venv/bin/python -c 'import importlib.metadata as m; print(m.version("fullbore"))')
.venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller \
    installers/fullbore.spec

rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin" "$root/usr/share/doc/fullbore"
cp -a dist/fullbore "$root/opt/fullbore"
if command -v strip >/dev/null; then
    find "$root/opt/fullbore" \( -name 'libpython3*.so*' -o -path '*/lib-dynload/*.so' \) \
        -exec strip --strip-unneeded {} +
fi
ln -s ../../opt/fullbore/fullbore ../../opt/fullbore/fullbore-window "$root/usr/bin/"
install -Dm644 "$here/$id.desktop" "$root/usr/share/applications/$id.desktop"
install -Dm644 "$here/$id.xml" "$root/usr/share/mime/packages/$id.xml"
install -Dm644 LICENSE "$root/usr/share/doc/fullbore/copyright"
for size in 16 32 48 64 128 256; do
    install -Dm644 "assets/icons/fullbore-$size.png" \
        "$root/usr/share/icons/hicolor/${size}x$size/apps/$id.png"
done
install -Dm644 assets/icons/fullbore.svg "$root/usr/share/icons/hicolor/scalable/apps/$id.svg"
mkdir -p "$root/usr/share/metainfo"
released=$(sed -n "s/^## \[$version\] - //p" CHANGELOG.md)
sed "s/@VERSION@/$version/; s/@DATE@/${released:-$(date +%F)}/" "$here/$id.metainfo.xml" \
    >"$root/usr/share/metainfo/$id.metainfo.xml"
find "$root" -type d -exec chmod 755 {} +
chmod 644 "$root/usr/share/metainfo/$id.metainfo.xml"
size=$(du -sk --apparent-size "$root" | cut -f1)
sed "s/@VERSION@/$version/; s/@SIZE@/$size/" "$here/control" >"$root/DEBIAN/control"

deb=dist/fullbore_${version}_amd64.deb
dpkg-deb --root-owner-group -Zxz "-z${COMPRESSION:-6}" --build "$root" "$deb" >/dev/null
echo "$deb: $(du -h "$deb" | cut -f1), unpacked $((size / 1000)) MB"
