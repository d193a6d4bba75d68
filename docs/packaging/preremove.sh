#!/bin/sh
# Before a removal, not before an upgrade: dpkg says "remove", rpm says 0, apk says nothing.
set -e
case "${1:-0}" in
remove | 0)
  if [ -d /run/systemd/system ]; then
    systemctl --no-reload disable --now ticktop.service || true
  fi
  ;;
esac
