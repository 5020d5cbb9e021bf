#!/bin/sh
# dpkg calls it before it puts Fullbore in or takes it away (preinst, prerm). A running Fullbore
# would go on with files of two versions, so nothing is done while there is one.
set -eu
case "${0##*/}:${1:-}" in
    *preinst:install | *preinst:upgrade | *prerm:remove) ;;
    *) exit 0 ;;
esac

people=
for process in /proc/[0-9]*; do
    case "$(readlink "$process/exe" 2>/dev/null)" in
        /opt/fullbore/*) ;;
        *) continue ;;
    esac
    # Another root's, seen from a container or a chroot, is another Fullbore.
    [ "$(stat -Lc %d:%i "$process/root" 2>/dev/null)" = "$(stat -c %d:%i /)" ] || continue
    person=$(stat -c %U "$process" 2>/dev/null) || continue
    case " $people " in *" $person "*) ;; *) people="${people:+$people }$person" ;; esac
done
[ -n "$people" ] || exit 0
echo "Fullbore is running for: $people. Close its window, quit it in the tray, or end the port by" >&2
echo "\`systemctl --user stop fullbore\`; then start this again. Nothing was changed." >&2
exit 1
