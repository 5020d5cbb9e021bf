#!/bin/sh
# Makes dist/Fullbore.app and dist/fullbore-VERSION-macos-arm64.dmg. Runs on macOS alone.
#
#   sh installers/macos/build.sh        with build/engine, made by installers/engine/build.py
#
# SIGN_AS names an identity of the keychain; without one the app is signed ad hoc, and a person
# opens it the first time by a right click.
set -eu
cd "$(dirname "$0")/../.."

fail() {
    echo "$1" >&2
    exit 1
}

[ "$(uname -s)" = Darwin ] || fail "A bundle for macOS is made on macOS."
[ -x .venv/bin/pyinstaller ] || fail "PyInstaller is missing: .venv/bin/python -m pip install '.[test]'"
[ -d build/engine/llama_cpp ] || fail "build/engine is missing: run .venv/bin/python -m installers.engine.build"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
image=dist/fullbore-$version-macos-$(uname -m).dmg

# macOS wants its icon in one file, in sizes and at twice the density.
icons=build/fullbore.iconset
rm -rf "$icons" && mkdir -p "$icons"
for size in 16 32 128; do
    cp "assets/icons/fullbore-$size.png" "$icons/icon_${size}x$size.png"
done
cp assets/icons/fullbore-32.png "$icons/icon_16x16@2x.png"
cp assets/icons/fullbore-64.png "$icons/icon_32x32@2x.png"
cp assets/icons/fullbore-256.png "$icons/icon_128x128@2x.png"
cp assets/icons/fullbore-256.png "$icons/icon_256x256.png"
iconutil --convert icns --output build/fullbore.icns "$icons"

PYTHONPATH=$PWD/build/engine .venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist \
    --workpath build/pyinstaller installers/macos/fullbore-macos.spec
codesign --force --deep --options runtime --entitlements installers/macos/entitlements.plist \
    --sign "${SIGN_AS:--}" dist/Fullbore.app
codesign --verify --deep --strict dist/Fullbore.app

content=build/dmg
rm -rf "$content" "$image" && mkdir -p "$content"
cp -R dist/Fullbore.app "$content/"
ln -s /Applications "$content/Applications"
hdiutil create -volname Fullbore -srcfolder "$content" -fs HFS+ -format ULMO "$image"
echo "$image ($(du -m "$image" | cut -f1) MB)"
