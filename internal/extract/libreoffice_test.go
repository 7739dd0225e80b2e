//go:build unix

package extract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// needLibreOffice fails a test that converts where the program is missing: make test
// installs it.
func needLibreOffice(t *testing.T) {
	t.Helper()
	if libreOffice() == "" {
		t.Fatal("soffice is not installed; run make test, which installs what the tests need")
	}
}

func TestOldWordFileOfTheCorpusIsThePage(t *testing.T) {
	needLibreOffice(t)
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	doc := mustRead(t, "R09.doc", corpusFile(t, "reports", "derived", "R09_杭州式_2025.doc"))
	page := mustRead(t, "R09.html", corpusFile(t, "reports", "full", "R09_杭州式_2025.html"))
	sameTables(t, doc, page)
	if doc.Format != DOC || len(doc.Notes) != 1 || doc.Notes[0] != NoteConverted {
		t.Errorf("format %s, notes %v", doc.Format, doc.Notes)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestRTFIsConverted(t *testing.T) {
	needLibreOffice(t)
	d := mustRead(t, "a.doc", []byte(`{\rtf1\ansi\deff0 {\fonttbl{\f0 SimSun;}} \u26576? 2024\par \trowd\cellx2000\cellx4000\intbl A\cell 9\cell\row\pard}`))
	if got := sketch(d); !strings.Contains(got, "某 2024") || !strings.Contains(got, "|0,0 A |0,1 9") {
		t.Errorf("got %s", got)
	}
}

func TestWithoutLibreOfficeTheReaderSaysHowToConvert(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Bytes(t.Context(), "a.doc", corpusFile(t, "reports", "derived", "R09_杭州式_2025.doc"))
	if !errors.Is(err, ErrLibreOffice) || !strings.Contains(err.Error(), "另存为 .docx") {
		t.Errorf("got %v", err)
	}
}

// pretend puts a program of that content in place of LibreOffice.
func pretend(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "soffice"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
}

func TestWhatLibreOfficeCannotConvertIsRefused(t *testing.T) {
	pretend(t, "exit 0\n") // it says 0 even when it could not load the file
	_, err := Bytes(t.Context(), "a.rtf", []byte(`{\rtf1 x}`))
	if !errors.Is(err, ErrConvert) {
		t.Errorf("got %v", err)
	}
}

// A program that hangs is ended with all it started, and its folder is gone.
func TestConversionThatHangsIsEnded(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	pids := filepath.Join(t.TempDir(), "pids")
	pretend(t, fmt.Sprintf("sleep 600 &\necho $! $$ > %s\nwait\n", pids))
	short := limits
	short.Time = 500 * time.Millisecond
	started := time.Now()
	_, err := extract(t.Context(), "a.rtf", []byte(`{\rtf1 x}`), short)
	if !errors.Is(err, ErrTime) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	text, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		if !gone(pid) {
			t.Errorf("process %d still runs", pid)
		}
	}
}

// gone reports whether a process ended; one that waits to be collected has.
func gone(pid int) bool {
	for range 50 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") || syscall.Kill(pid, 0) != nil {
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}
