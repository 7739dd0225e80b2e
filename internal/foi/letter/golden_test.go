package letter

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/paper"
)

// Each letter says what the file of its name says. The files were read line by line against the
// regulation and the specification; GONGKAI_TEST_WRITE=1 writes them anew, to be read again.
func TestLettersSayWhatTheStatuteAsks(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := paper.WriteText(&b, drafted(t, s).Document()); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", s.name+".txt")
			if os.Getenv("GONGKAI_TEST_WRITE") != "" {
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", b.String(), want)
			}
		})
	}
}

// The samples lack nothing.
func TestSamplesAreComplete(t *testing.T) {
	for _, s := range samples() {
		for _, g := range drafted(t, s).Missing() {
			t.Errorf("%s: %s: %v", s.name, g.Field, g.Message)
		}
	}
}
