#!/bin/sh
# After a removal. "purge" also takes the host key and what users had saved.
set -e
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
if [ "${1:-}" = purge ]; then
  rm -rf /var/lib/ticktop /var/lib/private/ticktop
fi
