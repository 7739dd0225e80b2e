package proof

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The leaves and roots of the reference tests of Certificate Transparency, RFC 6962.
func TestRootsAreThoseOfTheReference(t *testing.T) {
	leaves := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	e := &Edge{}
	for i, want := range roots {
		if root := e.Root(); hex.EncodeToString(root[:]) != want {
			t.Errorf("%d leaves: %x", i, root)
		}
		if i < len(leaves) {
			b, err := hex.DecodeString(leaves[i])
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Add(tlog.RecordHash(b)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// grown is a log of n leaves with all its tiles.
func grown(t *testing.T, n int) (*Edge, map[[2]int64][]byte) {
	t.Helper()
	tiles := map[[2]int64][]byte{}
	e := &Edge{Full: func(x Tile, b []byte) error {
		tiles[[2]int64{int64(x.Level), x.N}] = b
		return nil
	}}
	for i := range n {
		if err := e.Add(tlog.RecordHash(fmt.Append(nil, i))); err != nil {
			t.Fatal(err)
		}
	}
	for level, data := range e.Levels {
		if len(data) > 0 {
			tiles[[2]int64{int64(level), int64(n) >> (Height * (level + 1))}] = data
		}
	}
	return e, tiles
}

// Tiles hold what package tlog would have stored: every hash of the tree is read back from them.
func TestTheEdgeAgreesWithTlog(t *testing.T) {
	for _, n := range []int{1, 2, 255, 256, 257, 511, 512, 513, 70000} {
		e, tiles := grown(t, n)
		r := Reader(func(level int, at int64) ([]byte, error) { return tiles[[2]int64{int64(level), at}], nil })
		want, err := tlog.TreeHash(int64(n), r)
		if err != nil || want != e.Root() {
			t.Errorf("%d leaves: root %v, tlog %v, %v", n, e.Root(), want, err)
		}
		for _, i := range []int{0, n / 2, n - 1} {
			p, err := tlog.ProveRecord(int64(n), int64(i), r)
			if err == nil {
				err = tlog.CheckRecord(p, int64(n), want, int64(i), tlog.RecordHash(fmt.Append(nil, i)))
			}
			if err != nil {
				t.Errorf("leaf %d of %d: %v", i, n, err)
			}
		}
		older, _ := grown(t, (n+1)/2)
		p, err := tlog.ProveTree(int64(n), older.Size, r)
		a, b := Checkpoint{"x", older.Size, older.Root()}, Checkpoint{"x", int64(n), want}
		if err != nil || !Consistent(a, b, p) {
			t.Errorf("%d after %d is not proved: %v", n, older.Size, err)
		}
		a.Root[3] ^= 1
		if Consistent(a, b, p) {
			t.Errorf("a fork before %d passes", n)
		}
	}
}

func TestPathsAreThoseOfTlogTiles(t *testing.T) {
	for path, want := range map[string]Tile{
		"tile/0/000":                 {0, 0, Width},
		"tile/0/x001/x234/067":       {0, 1234067, Width},
		"tile/3/999.p/255":           {3, 999, 255},
		"tile/entries/x001/000.p/1":  {Entries, 1000, 1},
		"tile/entries/x012/345":      {Entries, 12345, Width},
		"tile/entries/x001/x000/000": {Entries, 1000000, Width},
		"tile/0/x123/x456/789.p/100": {0, 123456789, 100},
	} {
		got, ok := ParseTile(path)
		if !ok || got != want || got.Path() != path {
			t.Errorf("%s: %v, written %s", path, got, got.Path())
		}
	}
	for _, bad := range []string{"", "tile", "tile/0", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/001/002", "tile/0/x000/001",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/-1/000", "tile/0/../000", "tile/0/x001/x002/x003/x004/x005/x006/x007/x008/009", "tile/entries/+01"} {
		if got, ok := ParseTile(bad); ok {
			t.Errorf("%q is taken for %v", bad, got)
		}
	}
	if n := len(Tiles(70000)); n != 274+274+2+1 {
		t.Errorf("a log of 70,000 has %d tiles", n)
	}
}

var example = Entry{
	Origin: "gongkai.example.gov.cn/ledger", Act: Published, At: time.Date(2026, 11, 23, 4, 0, 0, 5000, time.UTC),
	Item: "0193a0e2-0000-7000-8000-000000000001", Edition: 1, Agency: "11370322004222241N", IndexNo: "11370322004222241N/2026-00001",
	Record: strings.Repeat("ab", 32),
}

// An entry's text and hash are for decades: this one must never change.
func TestTheTextOfAnEntryIsForEver(t *testing.T) {
	want := `gongkai-entry 1
origin gongkai.example.gov.cn/ledger
act published
at 2026-11-23T04:00:00.000005Z
item 0193a0e2-0000-7000-8000-000000000001
edition 1
agency 11370322004222241N
index 11370322004222241N/2026-00001
record sha256:abababababababababababababababababababababababababababababababab
`
	if got := string(example.Text()); got != want {
		t.Errorf("got %s", got)
	}
	if h := example.Leaf(); hex.EncodeToString(h[:]) != "cd15d5086b372489f2646fa783e6d265580369434fcccfddd5d369db78046627" {
		t.Errorf("the leaf is %x", h[:])
	}
	back, err := ParseEntry([]byte(want))
	if err != nil || back != example {
		t.Errorf("read back %+v, %v", back, err)
	}
	for _, bad := range []string{
		"", want[:len(want)-1], want + "\n", strings.Replace(want, "act published", "act  published", 1), strings.Replace(want, "act published", "act praised", 1),
		strings.Replace(want, "edition 1", "edition 01", 1), strings.Replace(want, "entry 1", "entry 2", 1), strings.Replace(want, "sha256:ab", "sha256:b", 1),
		strings.Replace(want, ".000005Z", "Z", 1), strings.Replace(want, "item ", "what ", 1),
	} {
		if _, err := ParseEntry([]byte(bad)); !errors.Is(err, ErrEntry) {
			t.Errorf("taken for an entry (%v): %q", err, bad)
		}
	}
}

// What a number brought in from elsewhere may hold cannot make two entries of one.
func TestNoValueBreaksItsLine(t *testing.T) {
	e := example
	e.IndexNo = "a\nrecord sha256:00\r\u2028b\xff"
	back, err := ParseEntry(e.Text())
	if err != nil || back.IndexNo != "a record sha256:00  b\ufffd" || back.Record != example.Record {
		t.Errorf("%q, %v", back.IndexNo, err)
	}
}

// A record's text is for decades, too.
func TestTheTextOfARecordIsForEver(t *testing.T) {
	r := Record{Origin: "x", Item: "i", Edition: 2, Salt: "00", Title: "关于<甲>的通知", Body: "<p>a&amp;b\u2028</p>", Files: []Attached{{ID: "f", Name: "表.xlsx", Size: 3}}}
	want := `{"format":"gongkai-record/1","origin":"x","item":"i","edition":2,"salt":"00","agency":"","kind":"","provenance":"","index_no":"","published_at":"","title":"关于<甲>的通知","subtitle":"","summary":"","doc_no":"","issuer":"","joint_bodies":[],"issued_on":"","formed_on":"","theme":"","genre":"","keywords":[],"source":"","source_url":"","validity":"","effective_on":"","expires_on":"","display_until":"","note":"","body":"<p>a&amp;b\u2028</p>","files":[{"id":"f","name":"表.xlsx","media":"","size":3,"sha256":"","alt":"","transcript":"","inline":false}]}` + "\n"
	if got := string(r.JSON()); got != want {
		t.Errorf("got %s", got)
	}
	back, err := ParseRecord(r.JSON())
	if err != nil || string(back.JSON()) != want {
		t.Errorf("read back %+v, %v", back, err)
	}
	if _, err := ParseRecord([]byte(`{"format":"other"}`)); !errors.Is(err, ErrRecord) {
		t.Errorf("another form is taken: %v", err)
	}
}

func keyed(t *testing.T, name string) (note.Signer, Keys) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParseKeys("# a remark\n" + public + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return s, k
}

func TestCheckpointsAreTakenFromTheirLogAlone(t *testing.T) {
	sign, keys := keyed(t, "x")
	other, otherKeys := keyed(t, "x")
	foreign, foreignKeys := keyed(t, "y")
	c := Checkpoint{"x", 5, tlog.Hash{1, 2, 3}}
	signed, err := c.Sign(sign)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(signed, keys); err != nil || got != c {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := OpenCheckpoint(signed, otherKeys); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	if _, err := OpenCheckpoint(bytes.Replace(signed, []byte("\n5\n"), []byte("\n6\n"), 1), keys); !errors.Is(err, ErrSignature) {
		t.Errorf("another size: %v", err)
	}
	if _, err := OpenCheckpoint([]byte("x\n5\n"), keys); !errors.Is(err, ErrCheckpoint) {
		t.Errorf("no note: %v", err)
	}
	both, err := c.Sign(other, sign)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []Keys{keys, otherKeys} {
		if _, err := OpenCheckpoint(both, k); err != nil {
			t.Errorf("while a key is replaced: %v", err)
		}
	}
	borrowed, err := c.Sign(foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(borrowed, foreignKeys); !errors.Is(err, ErrOther) {
		t.Errorf("signed by another log's key: %v", err)
	}
}

func TestADocumentsProofIsFollowed(t *testing.T) {
	sign, keys := keyed(t, example.Origin)
	e := &Edge{}
	for i := range 3 {
		if err := e.Add(tlog.RecordHash(fmt.Append(nil, i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Add(example.Leaf()); err != nil {
		t.Fatal(err)
	}
	c := Checkpoint{example.Origin, e.Size, e.Root()}
	r := Reader(func(int, int64) ([]byte, error) { return e.Levels[0], nil })
	path, err := tlog.ProveRecord(4, 3, r)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := c.Sign(sign)
	if err != nil {
		t.Fatal(err)
	}
	sound := Document{Origin: example.Origin, Index: 3, Entry: string(example.Text()), Path: path, Checkpoint: string(signed)}
	d, err := ParseDocument(sound.JSON())
	if err != nil {
		t.Fatal(err)
	}
	if got, at, err := d.Check(keys); err != nil || got != example || at != c {
		t.Errorf("%v, %v, %v", got, at, err)
	}
	for name, spoil := range map[string]func(*Document){
		"another place":     func(d *Document) { d.Index = 2 },
		"beyond the log":    func(d *Document) { d.Index = 4 },
		"a shorter way":     func(d *Document) { d.Path = d.Path[1:] },
		"an altered step":   func(d *Document) { d.Path = slices.Clone(d.Path); d.Path[0][0] ^= 1 },
		"an altered entry":  func(d *Document) { d.Entry = strings.Replace(d.Entry, "edition 1", "edition 2", 1) },
		"an altered record": func(d *Document) { d.Entry = strings.Replace(d.Entry, "sha256:ab", "sha256:ac", 1) },
	} {
		bad := sound
		spoil(&bad)
		if _, _, err := bad.Check(keys); !errors.Is(err, ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAListNamesItsFilesOnce(t *testing.T) {
	sign, keys := keyed(t, "x")
	var b bytes.Buffer
	l := NewLister(&b)
	sum := strings.Repeat("0f", 32)
	for _, f := range []File{{"a.html", 3, sum}, {"items/名 称.html", 0, sum}} {
		if err := l.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []File{{"items/名 称.html", 0, sum}, {"b", 0, sum}, {"../z", 0, sum}, {"/z", 0, sum}, {"z//y", 0, sum}, {"z\ny", 0, sum}, {"z", -1, sum}, {"z", 1, "0f"}} {
		if err := l.Add(bad); !errors.Is(err, ErrList) {
			t.Errorf("%q: %v", bad.Path, err)
		}
	}
	m, err := l.Manifest(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), Checkpoint{"x", 1, tlog.Hash{}})
	if err != nil || m.Files != 2 || m.Bytes != 3 || m.List != Digest(b.Bytes()) {
		t.Errorf("%+v, %v", m, err)
	}
	signed, err := m.Sign(sign)
	if err != nil {
		t.Fatal(err)
	}
	back, err := OpenManifest(signed, keys)
	if err != nil || back != m {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := OpenManifest(bytes.Replace(signed, []byte("files 2"), []byte("files 3"), 1), keys); !errors.Is(err, ErrSignature) {
		t.Errorf("altered: %v", err)
	}
	checkpoint, err := m.Checkpoint.Sign(sign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenManifest(checkpoint, keys); !errors.Is(err, ErrList) {
		t.Errorf("a checkpoint is taken for a list: %v", err)
	}
	var names []string
	if err := ReadList(&b, func(f File) error { names = append(names, f.Path); return nil }); err != nil || !slices.Equal(names, []string{"a.html", "items/名 称.html"}) {
		t.Errorf("%v, %v", names, err)
	}
}

func TestBundlesOfEntries(t *testing.T) {
	all := [][]byte{[]byte("a"), {}, []byte("政府")}
	b := Bundle(all)
	if hex.EncodeToString(b) != "000161"+"0000"+"0006e694bfe5ba9c" {
		t.Errorf("%x", b)
	}
	back, err := ReadBundle(b)
	if err != nil || len(back) != 3 || string(back[2]) != "政府" {
		t.Errorf("%q, %v", back, err)
	}
	for _, bad := range [][]byte{b[:1], b[:len(b)-1], append(slices.Clone(b), 0)} {
		if _, err := ReadBundle(bad); !errors.Is(err, ErrTile) {
			t.Errorf("%x: %v", bad, err)
		}
	}
}
