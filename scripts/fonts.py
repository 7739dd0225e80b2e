"""Builds the fonts of internal/paper/font from Debian's font packages; see fonts.sh.

Each font is cut to the characters named below, its outlines are turned into the quadratic
curves that TrueType and our PDF writer know, and the result is packed with gzip. The same
packages give the same bytes.
"""

import bz2
import gzip
import io
import json
import os
import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

root, out, forms = sys.argv[1:4]
PART = 1_900_000  # bytes of a packed file; a larger font is cut into parts


def gb2312():
    """The 6,763 characters of GB 2312-1980."""
    chars = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                chars.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return chars


def standard():
    """通用规范汉字表 (2013): character to its number, 1-3500 level one, -6500 two, -8105 three."""
    numbers = {}
    path = os.path.join(root, "usr/share/unicode/Unihan_OtherMappings.txt.bz2")
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip().split("\t")
            if len(fields) == 3 and fields[1] == "kTGH":
                numbers[int(fields[0][2:], 16)] = int(fields[2].split(":")[1])
    return numbers


TGH = standard()
COMMON = gb2312() | {c for c, n in TGH.items() if n <= 6500}
RARE = {c for c, n in TGH.items() if n > 6500} | set(map(ord, "镕喆堃赟昇玥䶮祎旻昉珺琤濛堉烜燊翀頔骉犇淼垚彧囍〇"))
LATIN = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
GREEK = set(range(0x391, 0x3CA))
FULL = set(range(0xFF01, 0xFF5F)) | set(range(0xFFE0, 0xFFE7)) | set(range(0x3000, 0x3020))
MARKS = set(map(ord, "·×÷±—–‘’“”…‰′″※→←↑↓■□●○◎★☆▲△▼▽◆◇℃№℡™㎡㎎㎏㎜㎝㎞㏄≈≠≤≥∞∑√∶⊕√ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩⒈⒉⒊⒋⒌⒍⒎⒏⒐"))
SIGNS = LATIN | GREEK | FULL | MARKS



def printed(forms):
    """The characters of the labels the forms print in their tables."""
    with open(forms, encoding="utf-8") as f:
        templates = json.load(f)["templates"]
    boxes = (box for t in templates for table in t["tables"] for row in table["grid"] for box in row)
    return {ord(c) for box in boxes for c in box["text"] or ""}


FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
NOTO = "usr/share/fonts/opentype/noto/"
FONTS = [  # name, source, face in a collection, characters, tolerance in units of the em
    ("fang", FANDOL + "FandolFang-Regular.otf", 0, COMMON | SIGNS, 1.5),
    ("kai", "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0, COMMON | SIGNS, 1.5),
    ("hei", NOTO + "NotoSansCJK-Medium.ttc", 2, COMMON | SIGNS, 1.5),
    ("xiaobiaosong", NOTO + "NotoSerifCJK-Bold.ttc", 2, COMMON | SIGNS, 1.5),
    ("song", NOTO + "NotoSerifCJK-Regular.ttc", 2, RARE | SIGNS | printed(forms) | {c for c in TGH if c not in gb2312()}, 1.5),
    ("latin", "usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf", 0, LATIN | GREEK | MARKS, 1.0),
]


def cut(path, face, chars):
    font = TTFont(path, fontNumber=face, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "GPOS", "GSUB", "GDEF", "BASE", "DSIG", "FFTM", "kern", "PfEd", "meta"]
    tool = subset.Subsetter(options)
    tool.populate(unicodes=chars)
    tool.subset(font)
    return font


def quadratic(font, tolerance):
    """Turns cubic outlines into quadratic ones."""
    if "CFF " not in font:
        return
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, tolerance, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), table
    del font["CFF "]
    for glyph in table.glyphs.values():
        glyph.recalcBounds(table)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
                  "maxSizeOfInstructions maxComponentElements maxPoints maxContours maxCompositePoints "
                  "maxCompositeContours maxComponentDepth").split():
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font.sfntVersion = "\x00\x01\x00\x00"


def rename(font, name):
    """Names a changed font as ours: the makers reserve theirs."""
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 13, 14) and (n.platformID, n.langID) == (3, 0x409)]
    for number, value in ((1, "Gongkai " + name), (2, "Regular"), (3, "Gongkai " + name), (4, "Gongkai " + name), (6, "Gongkai-" + name)):
        table.setName(value, number, 3, 1, 0x409)
    font["OS/2"].fsType = 0  # embedding is allowed, as the licences say


def pack(font):
    font["post"].formatType = 3.0
    font["head"].modified = font["head"].created
    plain = io.BytesIO()
    font.save(plain)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0, filename="") as z:
        z.write(plain.getvalue())
    return packed.getvalue()


for old in os.listdir(out):
    if ".ttf.gz" in old:
        os.remove(os.path.join(out, old))
for name, source, face, chars, tolerance in FONTS:
    font = cut(os.path.join(root, source), face, chars)
    quadratic(font, tolerance)
    rename(font, name)
    data = pack(font)
    for part in range(0, len(data), PART):
        with open(os.path.join(out, "%s.ttf.gz.%d" % (name, part // PART)), "wb") as f:
            f.write(data[part:part + PART])
    lacking = "".join(sorted(chr(c) for c in chars if c not in font.getBestCmap()))
    print("%-14s %5d characters, %7d bytes; lacks %d: %s" % (name, len(font.getBestCmap()), len(data), len(lacking), lacking[:60]))
