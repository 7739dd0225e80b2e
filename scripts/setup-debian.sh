#!/usr/bin/env bash
# Installs what the tests need on Debian or Ubuntu: office programs that open what we print,
# a browser, PDF tools, fonts, a PostgreSQL server, Java for the checker of HTML, and the test programs of npm. Runs as root or with sudo; does
# nothing, quickly, when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

# program or font package -> Debian package
missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed' || missing+=("$1"); }

if command -v dpkg-query >/dev/null 2>&1; then
  need chromium chromium
  installed libreoffice-writer-nogui
  installed libreoffice-calc-nogui
  need pdftotext poppler-utils
  need qpdf qpdf
  need xmllint libxml2-utils
  need python3 python3 # unpacks what was redacted
  installed fonts-noto-cjk
  installed fonts-wqy-microhei
  installed fonts-arphic-gbsn00lp
  installed fonts-arphic-gkai00mp
  installed fonts-liberation
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  need node nodejs
  need npm npm
  need java default-jre-headless
  PATH=$PATH:/usr/sbin need nginx nginx-light # the benchmark of kept pages runs one of its own
else
  echo "setup: not Debian: install chromium, LibreOffice, poppler, qpdf, Chinese fonts, PostgreSQL, node and npm yourself" >&2
fi

if [ "${#missing[@]}" -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "setup: needs root or sudo to install: ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "setup: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  # Servers among them are for tests that start their own: none is to run by itself.
  quiet=/usr/sbin/policy-rc.d
  if [ ! -e "$quiet" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$quiet" >/dev/null
    "${as_root[@]}" chmod 755 "$quiet"
    trap '"${as_root[@]}" rm -f "$quiet"' EXIT
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

if [ ! -f test/node_modules/.package-lock.json ] || [ test/package-lock.json -nt test/node_modules/.package-lock.json ]; then
  echo "setup: installing test programs with npm"
  # Not "npm ci": it insists on a lock entry for the validator's build for every platform,
  # which no registry has to serve. Versions and digests of what is installed are locked.
  npm install --no-save --prefix test --no-audit --no-fund
  touch test/node_modules/.package-lock.json
fi

editor=internal/web/office/editor
if [ ! -f $editor/node_modules/.package-lock.json ] || [ $editor/package-lock.json -nt $editor/node_modules/.package-lock.json ]; then
  echo "setup: installing what builds the editor with npm"
  npm ci --prefix $editor --no-audit --no-fund
  touch $editor/node_modules/.package-lock.json
fi
