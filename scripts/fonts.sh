#!/bin/sh
# Builds the fonts the PDF writer embeds (internal/paper/font) from Debian's packages.
# Needs Debian, python3-fonttools and about 500 MB of space in the temporary folder. The
# result is committed: neither building nor running gongkai needs this script.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

/usr/bin/python3 -c 'import fontTools' 2>/dev/null ||
	{ echo "fonts.sh: install python3-fonttools first: apt-get install --no-install-recommends python3-fonttools" >&2; exit 1; }

cd "$work"
apt-get download texlive-lang-chinese fonts-noto-cjk fonts-noto-cjk-extra fonts-lxgw-wenkai fonts-liberation2 unicode-data
for package in *.deb; do
	dpkg-deb -x "$package" root
done
/usr/bin/python3 "$here/scripts/fonts.py" root "$here/internal/paper/font" "$here/internal/annual/form/forms.json"
