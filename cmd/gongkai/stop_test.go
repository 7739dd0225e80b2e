//go:build linux

package main

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// SIGTERM while people save: every request that the server took is answered, it ends by itself
// with code 0, and what was answered is on record.
func TestStoppingInABurst(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, _ int) {
		w.schedule(10) // jobs that are due when it starts
		s := w.start()
		j := &journal{created: map[string]string{}, version: map[string]int64{}}
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for n := 0; ; n++ {
					err := w.work(s, j, fmt.Sprintf("连写%d-%d", worker, n), n)
					if err == nil {
						continue
					}
					if text := err.Error(); !strings.Contains(text, "refused") && !strings.Contains(text, "EOF") && !strings.Contains(text, "reset") {
						t.Error(err)
					}
					return
				}
			})
		}
		for done := 0; done < 10; j.note(func() { done = len(j.sent) }) {
			time.Sleep(time.Millisecond) // until work is under way
		}
		took, code := s.stop()
		all.Wait()
		if code != 0 {
			t.Errorf("the server ended after %v with %d: %s", took, code, s.log.text())
		}
		t.Logf("stopped in %v after %d drafts", took.Round(time.Millisecond), len(j.created))
		if n := w.count(t, "SELECT count(*) FROM job WHERE state = 'running'"); n != 0 {
			t.Errorf("%d jobs are still said to be running", n)
		}
		w.remembered(j)
		w.sound()
	})
}

// A second server on a SQLite folder is refused with what to do; on PostgreSQL it serves
// beside the first. A port that is taken is said with another that is free.
func TestASecondServer(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, most int) {
		first := w.start()
		if _, err := first.create(w, "连写一"); err != nil {
			t.Fatal(err)
		}
		second := w.launch()
		if most > 1 {
			if _, err := second.create(w, "连写二"); err != nil {
				t.Error(err)
			}
			return
		}
		<-second.ended
		if code := second.cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(second.log.text(), "Another gongkai is serving") {
			t.Errorf("a second server: %d, %s", code, second.log.text())
		}
		if _, err := first.create(w, "连写三"); err != nil {
			t.Errorf("the first no longer works: %v", err)
		}
	})
}

func TestATakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	w := newTown(t, t.TempDir(), "")
	code, out := run(t, w.settings("serve", "--addr", taken.Addr().String())...)
	if code != 2 || !strings.Contains(out, taken.Addr().String()) || !strings.Contains(out, "--addr 127.0.0.1:") {
		t.Errorf("on a taken port: %d, %s", code, out)
	}
}
