package app

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/fault"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/mirror"
)

// retold writes a bundle anew, entry by entry.
func retold(t *testing.T, bundle []byte, each func(h *tar.Header, b []byte, w *tar.Writer)) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(bundle))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	w := tar.NewWriter(packed)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		each(h, b, w)
	}
	if err := errors.Join(w.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func write(t *testing.T, w *tar.Writer, h tar.Header, b []byte) {
	t.Helper()
	h.Size = int64(len(b))
	if err := w.WriteHeader(&h); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
}

// A copy outside follows the one inside through bundles alone, and takes nothing else.
func TestBundlesCarryTheCopyOutside(t *testing.T) {
	n, h := shown(t, "")
	texts, err := n.Ledger.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := proof.ParseKeys(strings.Join(texts, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	inside, outside := filepath.Join(dir, "inside"), filepath.Join(dir, "outside")
	m := copyOf(n, h.public, h.sites, inside)
	pack := func(name string) []byte {
		t.Helper()
		update(t, m, false)
		if _, err := mirror.Pack(inside, filepath.Join(dir, name), false); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	apply := func(b []byte) error {
		_, err := mirror.Apply(outside, bytes.NewReader(b), keys)
		return err
	}
	first := pack("1.gongkai")
	later := n.DB.Clock().Add(time.Minute)
	n.DB.Clock = func() time.Time { return later }
	_, title := retract(t, n)
	second := pack("2.gongkai")
	if len(second) > len(first)/2 {
		t.Errorf("one document was retracted: the second bundle has %d bytes, the first %d", len(second), len(first))
	}

	for name, each := range map[string]func(h *tar.Header, b []byte, w *tar.Writer){
		"a byte altered": func(h *tar.Header, b []byte, w *tar.Writer) {
			if strings.HasSuffix(h.Name, "/index.html") {
				b[len(b)/2]++
			}
			write(t, w, *h, b)
		},
		"a list altered": func(h *tar.Header, b []byte, w *tar.Writer) {
			if h.Name == "list" {
				b = append(b, []byte(strings.Repeat("0", 64)+" 1 zzz\n")...)
			}
			write(t, w, *h, b)
		},
		"a manifest altered": func(h *tar.Header, b []byte, w *tar.Writer) {
			if h.Name == "manifest" {
				b = bytes.Replace(b, []byte("files "), []byte("files 1"), 1)
			}
			write(t, w, *h, b)
		},
		"a file more": func(h *tar.Header, b []byte, w *tar.Writer) {
			write(t, w, *h, b)
			if h.Name == "base" {
				write(t, w, tar.Header{Name: "files/zzz.html", Mode: 0o644}, []byte("x"))
			}
		},
		"a path outside": func(h *tar.Header, b []byte, w *tar.Writer) {
			write(t, w, *h, b)
			if h.Name == "base" {
				write(t, w, tar.Header{Name: "files/../../zzz", Mode: 0o644}, []byte("x"))
			}
		},
		"a link": func(h *tar.Header, b []byte, w *tar.Writer) {
			if h.Name == "files/index.html" {
				write(t, w, tar.Header{Name: h.Name, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, nil)
				return
			}
			write(t, w, *h, b)
		},
		"a bomb": func(h *tar.Header, b []byte, w *tar.Writer) {
			if h.Name == "files/index.html" {
				b = bytes.Repeat(b, 1000)
			}
			write(t, w, *h, b)
		},
		"a file less": func(h *tar.Header, b []byte, w *tar.Writer) {
			if h.Name != "files/index.html" {
				write(t, w, *h, b)
			}
		},
	} {
		if err := apply(retold(t, first, each)); err == nil {
			t.Errorf("%s: applied", name)
		} else if _, known := fault.MessageOf(err); !known {
			t.Errorf("%s: %v", name, err)
		}
		if all := everything(t, outside); len(all) != 0 {
			t.Fatalf("%s: %d files were written", name, len(all))
		}
	}
	if err := apply(first[:len(first)/2]); !errors.Is(err, mirror.ErrBundle) {
		t.Errorf("cut off: %v", err)
	}
	if err := apply(second); !errors.Is(err, mirror.ErrGap) {
		t.Errorf("before what it follows on: %v", err)
	}
	for _, b := range [][]byte{first, second} {
		if err := apply(b); err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range map[string][]byte{"the older state": first, "once more": second} {
		if err := apply(b); !errors.Is(err, mirror.ErrOld) {
			t.Errorf("%s: %v", name, err)
		}
	}
	want, got := everything(t, inside), everything(t, outside)
	for name, b := range want {
		if !bytes.Equal(b, got[name]) {
			t.Errorf("%s differs outside", name)
		}
		if bytes.Contains(got[name], []byte(title)) {
			t.Errorf("%s still has what was retracted", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files outside, %d inside", len(got), len(want))
	}
}
