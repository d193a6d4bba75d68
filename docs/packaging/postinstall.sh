#!/bin/sh
# After an installation or an upgrade. The unit runs as a dynamic user, so no
# user has to be made; it is enabled by hand, because it needs keys first.
set -e
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  # An upgrade goes on with the new program; a first installation starts nothing.
  systemctl try-restart ticktop.service || true
fi
