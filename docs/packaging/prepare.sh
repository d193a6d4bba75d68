#!/bin/sh
# Makes what packages hold beside the program: the manual page, completions, the
# example configuration, the licences of what is linked in, Debian's copyright
# file. The same commit gives the same bytes.
set -eu
cd "$(dirname "$0")/../.."
out=.packaging
rm -rf "$out"
mkdir -p "$out/completions"
prog=$(mktemp -d)
trap 'rm -rf "$prog"' EXIT
commit=$(git log -1 --format=%h)
date=$(git log -1 --format=%cI)
GOOS= GOARCH= CGO_ENABLED=0 go build -trimpath -ldflags "-X main.commit=$commit -X main.date=$date" -o "$prog/ticktop" ./cmd/ticktop
# An apk holds the times of its scripts.
touch -d "$date" docs/packaging/*.sh

"$prog/ticktop" man >"$out/ticktop.1"
for shell in bash zsh fish powershell; do
  "$prog/ticktop" completion "$shell" >"$out/completions/ticktop.$shell"
done
"$prog/ticktop" config default >"$out/config.example.yaml"
"$prog/ticktop" config schema >"$out/config.schema.json"
go run ./cmd/internal/licences >"$out/THIRD-PARTY-LICENCES.txt"
gzip -n9 <"$out/ticktop.1" >"$out/ticktop.1.gz"
gzip -n9 <CHANGELOG.md >"$out/changelog.gz"
gzip -n9 >"$out/changelog.Debian.gz" <<EOT
ticktop (${1:-0.0.1-next}) unstable; urgency=medium

  * Changes are in changelog.gz.

 -- The ticktop authors <ticktop@example.com>  $(git log -1 --format=%cD)
EOT
{
  cat <<'EOT'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ticktop

Files: *
Copyright: 2026 The ticktop authors
License: Expat

License: Expat
EOT
  sed -n '5,$p' LICENSE | sed 's/^$/./; s/^/ /'
} >"$out/copyright"
