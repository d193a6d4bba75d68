#!/bin/sh
# Checks the packages in a folder: lintian, the unit file, the manual page, and
# that the program in the deb runs. Installs nothing.
set -eu
dist=$1
arch=$(dpkg --print-architecture 2>/dev/null || echo amd64)
deb=$(find "$dist" -name "ticktop_*_linux_$arch.deb" | head -n 1)
[ -n "$deb" ] || { echo "no deb for $arch in $dist: run make packages" >&2; exit 1; }
if command -v lintian >/dev/null; then
  lintian --fail-on error,warning --tag-display-limit 0 "$deb"
else
  echo "lintian is not installed: not run" >&2
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg-deb -x "$deb" "$root"
for f in usr/bin/ticktop usr/lib/systemd/system/ticktop.service usr/share/man/man1/ticktop.1.gz \
  usr/share/bash-completion/completions/ticktop usr/share/doc/ticktop/copyright \
  usr/share/doc/ticktop/THIRD-PARTY-LICENCES.txt usr/share/doc/ticktop/examples/config.yaml; do
  [ -s "$root/$f" ] || { echo "the deb has no $f" >&2; exit 1; }
done
if command -v systemd-analyze >/dev/null; then
  sed "s#=/usr/bin/#=$root/usr/bin/#" "$root/usr/lib/systemd/system/ticktop.service" >"$root/ticktop.service"
  systemd-analyze verify --man=no "$root/ticktop.service"
fi
"$root/usr/bin/ticktop" version
echo "ok: $deb"
