package redact

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/foi/outcome"
)

// corpus returns a file of the corpus; a missing corpus fails the test.
func corpus(t testing.TB, parts ...string) []byte {
	t.Helper()
	root := os.Getenv("GONGKAI_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	data, err := os.ReadFile(filepath.Join(append([]string{root}, parts...)...))
	if err != nil {
		t.Fatalf("corpus file missing (set GONGKAI_CORPUS to the corpus folder): %v", err)
	}
	return data
}

// program runs a program that make test installs, and returns what it printed.
func program(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is not installed; run make test, which installs what the tests need", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out, complaints.Bytes())
	}
	return out
}

// save writes a file for a program to read.
func save(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func opened(t testing.TB, name string, data []byte) *File {
	t.Helper()
	f, err := Open(t.Context(), name, data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func applied(t testing.TB, f *File, marks []Mark) []byte {
	t.Helper()
	out, err := f.Apply(t.Context(), marks)
	if err != nil {
		t.Fatal(err)
	}
	return out.Data
}

// privacy is the ground most marks have.
const privacy = Ground(outcome.Third)

// every marks all places of words.
func every(t testing.TB, f *File, words ...string) []Mark {
	t.Helper()
	var marks []Mark
	for _, p := range f.Find(Wanted{Words: words}) {
		if p.Kind != Word {
			continue
		}
		for _, at := range p.Places {
			marks = append(marks, Mark{Place: at, Ground: privacy})
		}
	}
	if len(marks) == 0 {
		t.Fatalf("%q found nowhere in %d passages", words, len(f.Passages))
	}
	return marks
}

// lacks fails if a text that another program read holds one of the words, however it is spaced.
func lacks(t testing.TB, by string, text []byte, words ...string) {
	t.Helper()
	flat := squeeze(string(text))
	for _, w := range words {
		if strings.Contains(flat, squeeze(w)) {
			t.Errorf("%s still reads %q", by, w)
		}
	}
}

// holds fails if a text that another program read lacks one of the words.
func holds(t testing.TB, by string, text []byte, words ...string) {
	t.Helper()
	flat := squeeze(string(text))
	for _, w := range words {
		if !strings.Contains(flat, squeeze(w)) {
			t.Errorf("%s does not read %q", by, w)
		}
	}
}
