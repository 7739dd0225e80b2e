#!/usr/bin/env bash
# A PostgreSQL server for the tests, listening on 127.0.0.1 alone. Its data is of no worth:
# it is set not to wait for the disk.
#
#   postgres-test.sh run COMMAND…  runs the command with a server of its own, whose address is
#                                  in GONGKAI_TEST_PG, and ends the server with it. A server
#                                  already named there is used instead. Where none is
#                                  installed the tests of PostgreSQL are left out; with
#                                  CI=true that is an error.
#   postgres-test.sh [start]       leaves one running on port 54329 (GONGKAI_TEST_PG_PORT)
#                                  and prints its address
#   postgres-test.sh stop          ends that one
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1; then
  bin=$(dirname "$(command -v initdb)")
fi

# The server refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

# serve DATA PORT starts a server.
serve() {
  mkdir -p "$1"
  [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$1"
  cd "$1"
  if [ ! -f PG_VERSION ]; then
    "${as[@]}" "$bin/initdb" -D "$1" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  fi
  rm -f postmaster.pid
  "${as[@]}" "$bin/pg_ctl" -D "$1" -l "$1/log" -w -t 60 \
    -o "-h 127.0.0.1 -p $2 -k $1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300" start >&2
}

address() { echo "postgres://postgres@127.0.0.1:$1/postgres?sslmode=disable"; }

# free prints a port nobody listens on.
free() {
  local port
  for port in $(seq $((20000 + RANDOM % 10000)) 32000); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

end() {
  "${as[@]}" "$bin/pg_ctl" -D "$1" -m immediate stop >/dev/null 2>&1 || true
}

# run COMMAND… returns what the command returns, and ends the server also when interrupted.
run() {
  if [ -n "${GONGKAI_TEST_PG:-}" ]; then
    exec "$@"
  fi
  if [ -z "$bin" ]; then
    echo "postgres-test: no PostgreSQL server is installed" >&2
    [ "${CI:-}" != true ] || exit 1
    exec "$@"
  fi
  local port status=0
  data=$(mktemp -d /var/tmp/gongkai-postgres.XXXXXX)
  trap 'end "$data"; rm -rf "$data"' EXIT
  trap 'exit 130' INT TERM
  port=$(free)
  (serve "$data" "$port")
  GONGKAI_TEST_PG=$(address "$port") "$@" || status=$?
  exit "$status"
}

port="${GONGKAI_TEST_PG_PORT:-54329}"
data="$here/.cache/postgres"
[ "$(id -u)" -ne 0 ] || data="/var/tmp/gongkai-postgres-$port"

case "${1:-start}" in
run)
  shift
  run "$@"
  ;;
stop)
  end "$data"
  ;;
start)
  [ -n "$bin" ] || { echo "postgres-test: no PostgreSQL server is installed" >&2; exit 1; }
  "${as[@]}" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" || (serve "$data" "$port")
  address "$port"
  ;;
*)
  echo "usage: postgres-test.sh [start|stop|run COMMAND…]" >&2
  exit 2
  ;;
esac
