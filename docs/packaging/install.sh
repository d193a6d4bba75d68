#!/bin/sh
# Installs the deb on a bare Debian (made by mmdebstrap, in a folder that is
# removed again) and does what an operator does: verify the unit, add a user, log
# in, revoke the key, rotate the log, upgrade, remove, purge. Needs root,
# mmdebstrap, redis-server and an SSH client.
#   docs/packaging/install.sh OLD.deb NEW.deb
set -eu
old=$1 new=$2
work=$(mktemp -d)
root=$work/root
pids=
finish() {
  for p in $pids; do kill "$p" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "install.sh: $*" >&2; exit 1; }
ok() { echo "ok: $*"; }
port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
until_true() { # COMMAND…: waits up to ten seconds for it
  for _ in $(seq 100); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  return 1
}

mmdebstrap --quiet --variant=minbase --include=man-db "${SUITE:-bookworm}" "$root"
listing() { (cd "$root" && find etc usr var -path var/cache -prune -o -path var/lib/dpkg -prune -o -path var/log -prune -o -print | sort); }
listing >"$work/before"
install -m 0644 "$old" "$root/old.deb"
install -m 0644 "$new" "$root/new.deb"

chroot "$root" dpkg -i /old.deb >/dev/null
[ -x "$root/usr/bin/ticktop" ] || fail "no program"
ok "installed $(chroot "$root" /usr/bin/ticktop version | head -n 1)"
if command -v systemd-analyze >/dev/null; then
  sed "s#=/usr/bin/#=$root/usr/bin/#" "$root/usr/lib/systemd/system/ticktop.service" >"$work/ticktop.service"
  systemd-analyze verify --man=no "$work/ticktop.service" || fail "the unit does not verify"
  ok "unit verified"
fi

redis=$(port) ssh=$(port) web=$(port)
redis-server --port "$redis" --bind 127.0.0.1 --save '' --dir "$work" >/dev/null &
pids="$pids $!"
until_true redis-cli -p "$redis" ping || fail "no redis-server"
redis-cli -p "$redis" set quote:EURUSD '{"bid":"1.08340","ask":"1.08350"}' >/dev/null

for who in anna ben; do ssh-keygen -q -t ed25519 -N '' -f "$work/$who"; done
# Both users are added before the server starts, ben is revoked later.
cat "$work/anna.pub" "$work/ben.pub" >"$root/etc/ticktop/authorized_keys"
mkdir -p "$root/var/lib/ticktop" "$root/var/log/ticktop"
serve() {
  chroot "$root" /usr/bin/env XDG_STATE_HOME=/var/lib/ticktop REDIS_URL="redis://127.0.0.1:$redis/0" /usr/bin/ticktop serve \
    --listen "127.0.0.1:$ssh" --host-key /var/lib/ticktop/host_key --authorized-keys /etc/ticktop/authorized_keys \
    --metrics "127.0.0.1:$web" --log-file /var/log/ticktop/serve.log 2>"$work/serve.err" &
  server=$!
  pids="$pids $server"
  until_true chroot "$root" /usr/bin/ticktop healthcheck --metrics "127.0.0.1:$web" || { cat "$work/serve.err" >&2; fail "serve is not ready"; }
}
login() { # WHO: one frame over SSH, then q
  (sleep 2; printf q) | timeout 20 ssh -tt -q -F none -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile="$work/known" -i "$work/$1" -p "$ssh" "$1@127.0.0.1" >"$work/$1.screen" 2>&1
}
serve
ok "ready"
login anna || fail "anna cannot log in"
grep -q EURUSD "$work/anna.screen" || fail "anna sees no quote"
ok "a user logs in and sees the desk"

cp "$work/anna.pub" "$root/etc/ticktop/authorized_keys"
revoked() { ! login ben; }
until_true revoked || fail "a revoked key still opens the desk"
login anna || fail "anna is locked out"
ok "a revoked key opens nothing, the others stay"

mv "$root/var/log/ticktop/serve.log" "$root/var/log/ticktop/serve.log.1"
kill -HUP "$server"
until_true test -e "$root/var/log/ticktop/serve.log" || fail "the log was not opened again"
ok "log rotated"

kill "$server"
wait "$server" || true
key=$(sha256sum <"$root/var/lib/ticktop/host_key")
echo '# mine' >>"$root/etc/ticktop/environment"
chroot "$root" dpkg -i /new.deb >/dev/null
ok "upgraded to $(chroot "$root" /usr/bin/ticktop version | head -n 1)"
[ "$(sha256sum <"$root/var/lib/ticktop/host_key")" = "$key" ] || fail "the upgrade lost the host key"
grep -q '# mine' "$root/etc/ticktop/environment" || fail "the upgrade lost the environment"
serve
login anna || fail "anna cannot log in after the upgrade"
kill "$server"
wait "$server" || true
ok "host key, users and environment survive an upgrade"

chroot "$root" dpkg -r ticktop >/dev/null
[ -e "$root/etc/ticktop/environment" ] || fail "a removal took the configuration"
[ -e "$root/var/lib/ticktop/host_key" ] || fail "a removal took the host key"
ok "removed; what the operator made is kept"
chroot "$root" dpkg -P ticktop >/dev/null
rm -f "$root/etc/ticktop/authorized_keys"
rmdir "$root/etc/ticktop" 2>/dev/null || true
listing >"$work/after"
diff "$work/before" "$work/after" || fail "a purge leaves files"
ok "purged; nothing is left"
