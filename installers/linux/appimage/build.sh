#!/bin/sh
# Makes dist/Fullbore-VERSION-x86_64.AppImage of dist/fullbore, which installers/linux/build.sh
# leaves there. Needs appimagetool (github.com/AppImage/appimagetool) in PATH.
#
#   sh installers/linux/appimage/build.sh                 the AppImage
#   sh installers/linux/appimage/build.sh --directory     what goes into it, in build/AppDir
set -eu
cd "$(dirname "$0")/../../.."
id=io.github.fullbore.Fullbore
app=build/AppDir
case "${1:-}" in
    '')
        command -v appimagetool >/dev/null || {
            echo "appimagetool is missing: github.com/AppImage/appimagetool has it." >&2
            exit 1
        }
        ;;
    --directory) ;;
    *)
        echo "Usage: sh installers/linux/appimage/build.sh [--directory]" >&2
        exit 2
        ;;
esac
[ -d dist/fullbore/share ] || {
    echo "dist/fullbore is missing: run sh installers/linux/build.sh first." >&2
    exit 1
}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
rm -rf "$app"
mkdir -p "$app/opt" "$app/usr"
cp -al dist/fullbore "$app/opt/fullbore"
rm "$app/opt/fullbore/install.sh"
mv "$app/opt/fullbore/share" "$app/usr/share"
cp installers/linux/appimage/AppRun "$app/AppRun"
chmod 755 "$app/AppRun"
# An AppImage's root has its entry and its icon, too; TryExec would look outside of it.
sed '/^TryExec=/d' "$app/usr/share/applications/$id.desktop" >"$app/$id.desktop"
cp assets/icons/fullbore-256.png "$app/$id.png"
ln -s "$id.png" "$app/.DirIcon"
# The name by which the tool looks for the page of the software centre.
mv "$app/usr/share/metainfo/$id.metainfo.xml" "$app/usr/share/metainfo/$id.appdata.xml"
if [ "${1:-}" = --directory ]; then
    echo "$app: start it by $app/AppRun"
    exit 0
fi
ARCH=x86_64 appimagetool --no-appstream "$app" "dist/Fullbore-$version-x86_64.AppImage"
