package blob

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

func store(t *testing.T, d *db.DB) *Store {
	t.Helper()
	s, err := Open(d, filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// put receives and keeps a file.
func put(t *testing.T, s *Store, content string) *Blob {
	t.Helper()
	b, err := s.Receive(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DB.Update(t.Context(), func(tx *db.Tx) error { return s.Keep(tx, b) }); err != nil {
		t.Fatal(err)
	}
	return b
}

// The digests of "abc": SM3 from GB/T 32905-2016 appendix A.1, SHA-256 from FIPS 180.
func TestAFileIsKnownByItsContent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		b := put(t, s, "abc")
		if b.Digest != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" ||
			b.SHA256 != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" || b.Size != 3 || b.Media != "text/plain" {
			t.Errorf("got %+v", b)
		}
		if again := put(t, s, "abc"); again.Digest != b.Digest {
			t.Error("one content, two digests")
		}
		got, f, err := s.Open(t.Context(), b.Digest)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		text, err := io.ReadAll(f)
		if err != nil || string(text) != "abc" || got.SHA256 != b.SHA256 || got.Kept.IsZero() {
			t.Errorf("got %q, %+v, %v", text, got, err)
		}
	})
}

func TestWhatNobodyKeptCannotBeOpened(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		b, err := s.Receive(t.Context(), strings.NewReader("x"), 10)
		if err != nil {
			t.Fatal(err)
		}
		undone := errors.New("undone")
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			if err := s.Keep(tx, b); err != nil {
				return err
			}
			return undone
		}); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		for _, digest := range []string{b.Digest, "", "..", "../../../../etc/passwd", strings.Repeat("a", 64), strings.Repeat("/", 64), strings.ToUpper(b.Digest)} {
			if _, _, err := s.Open(t.Context(), digest); !errors.Is(err, ErrNone) {
				t.Errorf("%q: %v", digest, err)
			}
		}
	})
}

func TestUploadsAreBoundedAndLeaveNothingBehind(t *testing.T) {
	s := store(t, dbtest.SQLite(t))
	for _, test := range []struct {
		name string
		r    io.Reader
		err  error
	}{
		{"at the limit", strings.NewReader("12345678"), nil},
		{"one byte more", strings.NewReader("123456789"), ErrTooLarge},
		{"empty", strings.NewReader(""), ErrEmpty},
		{"cut off", io.MultiReader(strings.NewReader("1"), broken{}), io.ErrUnexpectedEOF},
	} {
		if _, err := s.Receive(t.Context(), test.r, 8); !errors.Is(err, test.err) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.err)
		}
		if left, err := os.ReadDir(filepath.Join(s.dir, incoming)); err != nil || len(left) != 0 {
			t.Errorf("%s: %d files left, %v", test.name, len(left), err)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestKeepingWantsTheFileThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		b, err := s.Receive(t.Context(), strings.NewReader("x"), 10)
		if err != nil {
			t.Fatal(err)
		}
		path, _ := s.path(b.Digest)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return s.Keep(tx, b) }); !errors.Is(err, ErrMissing) {
			t.Errorf("got %v", err)
		}
	})
}

// R-SEC-05.
func TestAlteredAndMissingFilesAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		sound, altered, longer, gone := put(t, s, "sound"), put(t, s, "altered"), put(t, s, "longer"), put(t, s, "gone")
		change := func(b *Blob, text string) {
			path, err := s.path(b.Digest)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		change(altered, "Altered")
		change(longer, "longer.")
		path, _ := s.path(gone.Digest)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		r, err := s.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r.Checked != 4 || len(r.Faulty) != 3 {
			t.Errorf("got %+v", r)
		}
		faulty, err := Faulty(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]Fault{}
		for _, b := range faulty {
			found[b.Digest] = b.Fault
		}
		if found[altered.Digest] != Altered || found[longer.Digest] != Altered || found[gone.Digest] != Missing || found[sound.Digest] != Sound {
			t.Errorf("got %v", found)
		}
		if _, err := s.ReadAll(t.Context(), altered.Digest); !errors.Is(err, ErrAltered) {
			t.Errorf("read altered: %v", err)
		}
		if _, err := s.ReadAll(t.Context(), gone.Digest); !errors.Is(err, ErrMissing) {
			t.Errorf("read missing: %v", err)
		}
		put(t, s, "altered") // uploaded again, it is sound
		change(longer, "longer")
		if r, err := s.Verify(t.Context()); err != nil || len(r.Faulty) != 1 {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

func TestOrphansAreCollectedAfterTheirGrace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		kept := put(t, s, "kept")
		orphan, err := s.Receive(t.Context(), strings.NewReader("orphan"), 10)
		if err != nil {
			t.Fatal(err)
		}
		cut := filepath.Join(s.dir, incoming, "upload-1")
		if err := os.WriteFile(cut, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(cut, dbtest.Noon, dbtest.Noon); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			after time.Duration
			files int
		}{{0, 0}, {Grace - time.Second, 0}, {Grace + time.Second, 2}, {2 * Grace, 0}} {
			d.Clock = func() time.Time { return dbtest.Noon.Add(step.after) }
			if files, _, err := s.Collect(t.Context()); err != nil || files != step.files {
				t.Errorf("after %v: %d files, want %d; %v", step.after, files, step.files, err)
			}
		}
		if _, err := s.raw(orphan.Digest); !errors.Is(err, ErrMissing) {
			t.Errorf("the orphan is still there: %v", err)
		}
		if _, err := s.ReadAll(t.Context(), kept.Digest); err != nil {
			t.Error(err)
		}
	})
}

func TestAnOrphanUploadedAgainIsYoungAgain(t *testing.T) {
	d := dbtest.SQLite(t)
	s := store(t, d)
	for _, after := range []time.Duration{0, 3 * Grace} {
		d.Clock = func() time.Time { return dbtest.Noon.Add(after) }
		if _, err := s.Receive(t.Context(), strings.NewReader("x"), 10); err != nil {
			t.Fatal(err)
		}
	}
	if files, _, err := s.Collect(t.Context()); err != nil || files != 0 {
		t.Errorf("%d files collected, %v", files, err)
	}
}

func TestMediaTypesComeFromTheContent(t *testing.T) {
	for _, test := range []struct{ content, media string }{
		{"\xFF\xD8\xFF\xE0 ", "image/jpeg"},
		{"\x89PNG\r\n\x1A\n", "image/png"},
		{"GIF89a<script>alert(1)</script>", "image/gif"},
		{"%PDF-1.7", "application/pdf"},
		{"PK\x03\x04 no real archive", "application/zip"},
		{"公开内容，按规定发布。", "text/plain"},
		{"BMW 不是图片，是一行文字。", "text/plain"},
		{"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"},
		{"\n\n<!DOCTYPE html><p>", "text/html"},
		{"a line\n<script>alert(1)</script>", "text/html"},
		{"<?xml version='1.0'?><a/>", "text/xml"},
		{"RIFF1234WEBPVP8 ", "image/webp"},
		{"a\x00b", "application/octet-stream"},
		{"a\x01b", "application/octet-stream"},
	} {
		if got := sniff(strings.NewReader(test.content), int64(len(test.content))); got != test.media {
			t.Errorf("%q: got %s, want %s", test.content, got, test.media)
		}
	}
}

func TestNoFileIsServedAsAPageOfTheSite(t *testing.T) {
	for _, test := range []struct {
		media, name string
		show        bool
		kind, how   string
	}{
		{"image/png", "图 1.png", true, "image/png", "inline; filename*=UTF-8''%E5%9B%BE%201.png"},
		{"image/png", "a.png", false, "image/png", "attachment; filename*=UTF-8''a.png"},
		{"text/html", "a.html", true, "application/octet-stream", "attachment; filename*=UTF-8''a.html"},
		{"image/svg+xml", "a.svg", true, "application/octet-stream", "attachment; filename*=UTF-8''a.svg"},
		{"text/plain", "../../a.txt", true, "text/plain; charset=utf-8", "inline; filename*=UTF-8''a.txt"},
		{"application/zip", "a\r\nSet-Cookie: x\".zip", true, "application/zip", "attachment; filename*=UTF-8''aSet-Cookie%3A%20x%22.zip"},
		{"application/zip", "/", true, "application/zip", "attachment; filename*=UTF-8''file"},
	} {
		got := map[string]string{}
		for _, h := range (&Blob{Media: test.media, Digest: "d"}).Headers(test.name, test.show) {
			got[h.Name] = h.Value
		}
		if got["Content-Type"] != test.kind || got["Content-Disposition"] != test.how || got["X-Content-Type-Options"] != "nosniff" {
			t.Errorf("%s %s: got %v", test.media, test.name, got)
		}
		if !strings.Contains(got["Content-Security-Policy"], "default-src 'none'") || !strings.Contains(got["Content-Security-Policy"], "sandbox") {
			t.Errorf("%s: policy %s", test.media, got["Content-Security-Policy"])
		}
	}
}

func BenchmarkReceive(b *testing.B) {
	d := dbtest.SQLite(b)
	s, err := Open(d, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	content := bytes.Repeat([]byte("公开"), 1<<20/6)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := s.Receive(b.Context(), bytes.NewReader(content), 1<<30); err != nil {
			b.Fatal(err)
		}
	}
}
