#!/usr/bin/env bash
# Starts a PostgreSQL server for the tests, with its data in .cache/postgres, listening on
# 127.0.0.1 alone, and prints its address for GONGKAI_TEST_PG. "stop" ends it. Its data is
# of no worth: it is set not to wait for the disk.
set -euo pipefail
cd "$(dirname "$0")/.."

port="${GONGKAI_TEST_PG_PORT:-54329}"
data="$PWD/.cache/postgres"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ]; then
  bin=$(dirname "$(command -v initdb)") || { echo "postgres-test: no PostgreSQL server is installed" >&2; exit 1; }
fi

# The server refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
  data="/var/tmp/gongkai-postgres-$port"
fi

if [ "${1:-start}" = stop ]; then
  "${as[@]}" "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
  exit 0
fi

if ! "${as[@]}" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then
  mkdir -p "$data"
  [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$data"
  cd "$data"
  if [ ! -f "$data/PG_VERSION" ]; then
    "${as[@]}" "$bin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >&2
  fi
  rm -f "$data/postmaster.pid"
  "${as[@]}" "$bin/pg_ctl" -D "$data" -l "$data/log" -w -t 60 \
    -o "-h 127.0.0.1 -p $port -k $data -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300" start >&2
fi
echo "postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable"
