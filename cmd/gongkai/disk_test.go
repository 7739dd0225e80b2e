//go:build linux

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// small mounts a disk of a size in a folder until the test ends.
func small(t *testing.T, dir, size string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("this machine mounts no small disk: " + err.Error())
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// choke fills what is left of a disk and returns what frees it again.
func choke(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	fullWords     = "disk is full; nothing was saved. Ask the administrator to free space, then try again"
	readOnlyWords = "The data folder cannot be written; nothing was saved. Ask the administrator to check its permissions and disk"
)

// A disk runs full under a serving server: what people do is refused in words that say what to
// do, pages can still be read, the log tells who runs the server, a backup leaves nothing
// behind. With room again the same acts are done, without a restart, and nothing is there by
// half.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	small(t, dir, "48m")
	w := newTown(t, dir, "")
	s := w.start("TMPDIR=" + dir)
	edition, err := s.create(w, "连写之前")
	if err != nil {
		t.Fatal(err)
	}
	free := choke(t, dir)
	acts := map[string]func() error{
		"a new draft": func() error { return second(s.create(w, "连写当中")) },
		"a save":      func() error { return second(s.save(w, edition, 1, strings.Repeat("连写之后", 20))) },
		"an upload":   func() error { return s.attach(w, edition, "附件.txt", make([]byte, 1<<20)) },
		"a large upload, which waits on the disk": func() error {
			return s.attach(w, edition, "大附件.txt", make([]byte, 20<<20))
		},
	}
	for name, act := range acts {
		r, told := act().(*refusal)
		if !told || r.status != http.StatusServiceUnavailable || !strings.Contains(r.body, fullWords) {
			t.Errorf("%s on a full disk: %v", name, r)
		}
	}
	s.get(w.people["editor"], "/office/editions/"+edition)
	s.get(w.people["editor"], "/office/items")
	code, out := run(t, w.settings("backup", filepath.Join(dir, "backup.tar.gz"))...)
	if code == 0 || code == 3 || !strings.Contains(out, "full") {
		t.Errorf("a backup on a full disk: %d, %s", code, out)
	}
	if !strings.Contains(s.log.text(), "db.full") {
		t.Errorf("the log does not tell of the full disk: %s", s.log.text())
	}
	free()
	if left := strays(t, dir); len(left) > 0 {
		t.Errorf("%v were left behind", left)
	}
	for _, name := range []string{"a save", "an upload"} {
		if err := acts[name](); err != nil {
			t.Errorf("%s with room again: %v", name, err)
		}
	}
	if _, code := s.stop(); code != 0 {
		t.Errorf("the server ended with %d: %s", code, s.log.text())
	}
	w.sound()
}

func second[T any](_ T, err error) error { return err }

// strays are files that no installation has.
func strays(t *testing.T, dir string) (all []string) {
	t.Helper()
	known := []string{"gongkai.db", "gongkai.db-wal", "gongkai.db-shm", "index.db", "index.db-wal", "index.db-shm", "gongkai.key", "files", "serve-1.lock"}
	for _, folder := range []string{dir, filepath.Join(dir, "files", "incoming")} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !slices.Contains(known, e.Name()) {
				all = append(all, e.Name())
			}
		}
	}
	return all
}

// A server starts on a disk that is full already: people can sign in and read nothing new, but
// it says so and goes on once there is room.
func TestStartingOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	small(t, dir, "48m")
	w := newTown(t, dir, "")
	free := choke(t, dir)
	s := w.launch()
	if s.url == "" {
		if code := s.cmd.ProcessState.ExitCode(); code == 3 || !strings.Contains(s.log.text(), "disk is full") {
			t.Errorf("it does not start and says: %d, %s", code, s.log.text())
		}
	}
	s.kill()
	free()
	s = w.start()
	if _, err := s.create(w, "连写之后"); err != nil {
		t.Error(err)
	}
	s.stop()
	w.sound()
}

// The folder of files is on a disk that turned read-only: an upload is refused in words, what
// needs no file goes on.
func TestAReadOnlyFolderOfFiles(t *testing.T) {
	dir := t.TempDir()
	w := newTown(t, dir, "")
	s := w.start()
	edition, err := s.create(w, "连写之前")
	if err != nil {
		t.Fatal(err)
	}
	incoming := filepath.Join(dir, "files", "incoming")
	small(t, incoming, "1m")
	if err := syscall.Mount("", incoming, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	r, told := s.attach(w, edition, "附件.txt", []byte("附件")).(*refusal)
	if !told || r.status != http.StatusServiceUnavailable || !strings.Contains(r.body, readOnlyWords) {
		t.Errorf("an upload to a read-only disk: %v", r)
	}
	if _, err := s.save(w, edition, 1, "连写"); err != nil {
		t.Error(err)
	}
}

// A data folder on a disk mounted read-only: no server starts, and every command says why.
func TestAReadOnlyDataFolder(t *testing.T) {
	dir := t.TempDir()
	small(t, dir, "48m")
	w := newTown(t, dir, "")
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"backup", filepath.Join(t.TempDir(), "b.tar.gz")}, {"audit", "verify"}} {
		code, out := run(t, w.settings(args...)...)
		if code != 2 || !strings.Contains(out, "folder") {
			t.Errorf("%s in a read-only folder: %d, %s", args[0], code, out)
		}
	}
}
