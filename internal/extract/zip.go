package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

// archiveFile is a zip read within bounds. Only parts that are asked for are unpacked, into
// memory; nothing is written, so names that climb out of a folder do no harm.
type archiveFile struct {
	r       *reading
	entries map[string]*zip.File
	taken   int64
}

// openArchive opens the reading's data as zip.
func openArchive(r *reading) (*archiveFile, error) {
	if bytes.Count(r.data, []byte("PK\x01\x02")) > r.limit.Entries { // before a list is made of them
		return nil, ErrBomb
	}
	z, err := zip.NewReader(bytes.NewReader(r.data), int64(len(r.data)))
	switch {
	case errors.Is(err, zip.ErrFormat):
		return nil, ErrTruncated.Because(err) // the directory stands at the end
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, ErrDamaged.Because(err)
	}
	a := &archiveFile{r: r, entries: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		name := entryName(f.Name)
		if _, twice := a.entries[name]; !twice {
			a.entries[name] = f
		}
	}
	return a, nil
}

// entryName brings the ways to write an entry's name to one.
func entryName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// has reports whether the archive holds an entry, whatever its case.
func (a *archiveFile) has(name string) bool { return a.entries[entryName(name)] != nil }

// read unpacks an entry; nil if there is none.
func (a *archiveFile) read(name string) ([]byte, error) {
	f := a.entries[entryName(name)]
	if f == nil {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, ErrEncrypted
	}
	rest := min(a.r.limit.Unpacked-a.taken, int64(a.r.limit.Markup))
	if int64(f.UncompressedSize64) > rest && f.UncompressedSize64 < 1<<62 {
		return nil, ErrBomb
	}
	rc, err := f.Open()
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	defer rc.Close()
	data, err := a.unpack(rc, f, rest)
	if err != nil {
		return nil, err
	}
	a.taken += int64(len(data))
	return data, nil
}

// unpack reads an entry, watching its size and ratio rather than what its header claims.
func (a *archiveFile) unpack(rc io.Reader, f *zip.File, rest int64) ([]byte, error) {
	var out bytes.Buffer
	chunk := make([]byte, 64<<10)
	for {
		n, err := rc.Read(chunk)
		out.Write(chunk[:n])
		size := int64(out.Len())
		packed := max(1, min(int64(f.CompressedSize64), int64(len(a.r.data))))
		if size > rest || size > a.r.limit.RatioFrom && size/packed > a.r.limit.Ratio {
			return nil, ErrBomb
		}
		switch {
		case errors.Is(err, io.EOF):
			return out.Bytes(), nil
		case err != nil:
			return nil, ErrDamaged.Because(err)
		}
		if err := a.r.check(); err != nil {
			return nil, err
		}
	}
}

// sane reports whether all entries together stay within what may be unpacked, by their own
// account. It is asked before another program unpacks them.
func (a *archiveFile) sane() bool {
	total := uint64(0)
	for _, f := range a.entries {
		if total += f.UncompressedSize64; total > uint64(a.r.limit.Unpacked) {
			return false
		}
	}
	return true
}

// officePart returns the path of an Office file's main part as its relations name it.
func (a *archiveFile) officePart() string {
	for _, rel := range a.relations("_rels/.rels") {
		if strings.HasSuffix(rel.kind, "/officeDocument") {
			return rel.target
		}
	}
	return ""
}

// relation ties a part of an Office file to another.
type relation struct{ id, kind, target string }

// relations reads a relations part. A broken one is as good as none: the usual paths are
// tried then.
func (a *archiveFile) relations(name string) []relation {
	data, err := a.read(name)
	if err != nil || data == nil {
		return nil
	}
	base := path.Dir(path.Dir(entryName(name)))
	var rels []relation
	x := newXML(a.r, data)
	for x.next() {
		if !x.opens("Relationship") || x.attr("TargetMode") == "External" {
			continue
		}
		target := x.attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", base, target)
		}
		rels = append(rels, relation{x.attr("Id"), x.attr("Type"), entryName(target)})
	}
	return rels
}

// relationsOf returns the name of the relations part of a part.
func relationsOf(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
}
