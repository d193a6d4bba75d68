#!/bin/sh
# Lists the modules in a binary (CycloneDX). Serial number and time would differ
# from build to build: the one is left out, the other is the commit's.
set -eu
document=$1 binary=$2
cyclonedx-gomod bin -json -noserial -output "$document" "$binary"
sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)\"/" "$document"
