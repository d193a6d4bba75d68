#!/bin/sh
# Builds the packages of one commit twice, in two places and at two times, and
# compares every file. For amd64 of Linux and Windows; the others differ in the
# target only.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for place in first a-second-place; do
  git clone -q . "$work/$place"
  (
    cd "$work/$place"
    sed -i 's/goos: \[linux, darwin, windows\]/goos: [linux, windows]/; s/goarch: \[amd64, arm64\]/goarch: [amd64]/' .goreleaser.yaml
    sed -i '/^homebrew_casks:/,/^scoops:/{/^scoops:/!d}' .goreleaser.yaml # a cask needs macOS
    goreleaser release --snapshot --clean --skip=validate >log 2>&1 || { tail -n 20 log >&2; exit 1; }
    cd dist && find . -type f ! -name metadata.json ! -name artifacts.json ! -name config.yaml -exec sha256sum {} + | sort -k2
  ) >"$work/$place.sums"
done
diff "$work/first.sums" "$work/a-second-place.sums"
cat "$work/first.sums"
echo "ok: two builds, one sum for each file"
