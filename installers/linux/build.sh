#!/bin/sh
# Makes dist/fullbore_VERSION_amd64.deb and dist/fullbore-VERSION-linux-x86_64.tar.xz from one
# tree, dist/fullbore: the program as PyInstaller leaves it, with what a desktop reads in share/.
# POSIX sh; needs no root.
#
#   sh installers/linux/build.sh            with build/engine, made by installers/engine/build.py
#   sh installers/linux/build.sh --local    with .venv's llama.cpp, which is for processors
#                                           like this one: to try out, not to give away
#   --deb, --tar                            one of the two alone
#   --packed                                pack dist/fullbore again, as it lies there
# COMPRESSION=1 … 9 (default 6) is xz's level.
set -eu
cd "$(dirname "$0")/../.."
id=io.github.fullbore.Fullbore
here=installers/linux
tree=dist/fullbore

fail() {
    echo "$1" >&2
    exit 1
}

local=no packed=no deb=yes tar=yes
for word in "$@"; do
    case "$word" in
        --local) local=yes ;;
        --packed) packed=yes ;;
        --deb) tar=no ;;
        --tar) deb=no ;;
        *) fail "Usage: sh installers/linux/build.sh [--local | --packed] [--deb | --tar]" ;;
    esac
done
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

freeze() {
    [ -x .venv/bin/pyinstaller ] ||
        fail "Run sh installers/test.sh first: it installs PyInstaller into .venv."
    # PyInstaller leaves a library out, without a word, that the building machine lacks.
    for library in libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-keysyms.so.1 libxkbcommon-x11.so.0; do
        PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "$library" ||
            fail "$library is missing here and would be missing in the bundle; sh installers/test.sh installs it."
    done
    PYTHONPATH=$PWD # this tree's program, whichever .venv was filled from
    if [ $local = yes ]; then
        echo "With .venv's llama.cpp: this bundle runs on processors like this one only."
    else
        [ -d build/engine/llama_cpp ] ||
            fail "build/engine is missing: run .venv/bin/python -m installers.engine.build, or give --local."
        PYTHONPATH=$PWD/build/engine:$PWD
    fi
    export PYTHONPATH
    .venv/bin/python installers/notices.py
    .venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist \
        --workpath build/pyinstaller installers/fullbore.spec
    lost=$(find "$tree" -name 'lib*xcb*.so*' -exec env "LD_LIBRARY_PATH=$tree/_internal" ldd {} + | grep 'not found' || true)
    [ -z "$lost" ] || fail "The window would not start, because here is missing: $lost"
    if command -v strip >/dev/null; then
        find "$tree" \( -name 'libpython3*.so*' -o -path '*/lib-dynload/*.so' \) \
            -exec strip --strip-unneeded {} +
    fi
    if command -v patchelf >/dev/null; then
        # Where the building machine has its Python is nothing to anybody.
        find "$tree" -path '*/lib-dynload/*.so' -exec patchelf --remove-rpath {} +
    fi
}

# What a desktop reads: the same below /usr, ~/.local, an AppImage's and a Flatpak's root.
furnish() {
    rm -rf "$tree/share"
    install -Dm644 "$here/$id.desktop" "$tree/share/applications/$id.desktop"
    install -Dm644 "$here/$id.xml" "$tree/share/mime/packages/$id.xml"
    for size in 16 32 48 64 128 256; do
        install -Dm644 "assets/icons/fullbore-$size.png" \
            "$tree/share/icons/hicolor/${size}x$size/apps/$id.png"
    done
    install -Dm644 assets/icons/fullbore.svg "$tree/share/icons/hicolor/scalable/apps/$id.svg"
    released=$(sed -n "s/^## \[$version\] - //p" CHANGELOG.md)
    mkdir -p "$tree/share/metainfo"
    sed "s/@VERSION@/$version/; s/@DATE@/${released:-$(date +%F)}/" "$here/$id.metainfo.xml" \
        >"$tree/share/metainfo/$id.metainfo.xml"
    install -Dm644 LICENSE "$tree/share/doc/fullbore/copyright"
    install -m644 "$here/install.sh" "$tree/install.sh"
    find "$tree" -type d -exec chmod 755 {} +
    chmod -R go+rX,go-w "$tree"
}

pack_deb() {
    command -v dpkg-deb >/dev/null || fail "dpkg-deb is missing; a .deb is made on Debian or Ubuntu."
    root=build/deb
    rm -rf "$root"
    mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin"
    # Links, not copies: nothing below is written to.
    cp -al "$tree" "$root/opt/fullbore"
    rm "$root/opt/fullbore/install.sh"
    mv "$root/opt/fullbore/share" "$root/usr/share"
    ln -s ../../opt/fullbore/fullbore ../../opt/fullbore/fullbore-window "$root/usr/bin/"
    install -Dm644 "$here/fullbore.service" "$root/usr/lib/systemd/user/fullbore.service"
    size=$(du -sk --apparent-size "$root" | cut -f1)
    sed "s/@VERSION@/$version/; s/@SIZE@/$size/" "$here/control" >"$root/DEBIAN/control"
    (cd "$root" && find opt usr -type f -exec md5sum {} + >DEBIAN/md5sums)
    find "$root" -type d -exec chmod 755 {} +
    chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
    for moment in preinst prerm; do
        install -m755 "$here/maintain.sh" "$root/DEBIAN/$moment"
    done
    package=dist/fullbore_${version}_amd64.deb
    dpkg-deb --root-owner-group -Zxz "-z${COMPRESSION:-6}" --build "$root" "$package" >/dev/null
    rm -rf "$root"
    echo "$package: $(du -h "$package" | cut -f1), unpacked $((size / 1000)) MB"
}

pack_tar() {
    package=dist/fullbore-$version-linux-x86_64.tar.xz
    tar -C dist --owner=0 --group=0 --sort=name --transform "s,^fullbore,fullbore-$version,S" \
        -cf - fullbore | xz -T0 "-${COMPRESSION:-6}" >"$package.part"
    mv "$package.part" "$package"
    echo "$package: $(du -h "$package" | cut -f1)"
}

if [ $packed = no ]; then freeze; fi
[ -x "$tree/fullbore-window" ] || fail "$tree is missing; start without --packed."
furnish
if [ $deb = yes ]; then pack_deb; fi
if [ $tar = yes ]; then pack_tar; fi
