//go:build linux

package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/installation"
	"gongkai/internal/storage"
)

// journal is what a burst was told had been done.
type journal struct {
	mu      sync.Mutex
	created map[string]string // editions and the last title acknowledged
	version map[string]int64
	files   []string // names of files attached
	sent    []string // editions submitted
}

func (j *journal) note(do func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	do()
}

// done is how many drafts were attached to or submitted.
func (j *journal) done() (n int) {
	j.note(func() { n = len(j.files) + len(j.sent) })
	return n
}

// kill -9 at a random moment of a burst of drafts, saves, uploads and submissions, three times
// over: whatever was acknowledged is on record with its entry, nothing is there by half, and
// the next server starts on what was left.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, n int) {
		j := &journal{created: map[string]string{}, version: map[string]int64{}}
		for round := range 3 {
			var servers []*server
			for range n {
				servers = append(servers, w.start())
			}
			w.burst(servers, j, fmt.Sprint("第", round, "轮"))
			w.remembered(j)
		}
		t.Logf("%d drafts, %d files, %d submissions were acknowledged", len(j.created), len(j.files), len(j.sent))
		if len(j.created) < 20 || len(j.files) == 0 || len(j.sent) == 0 {
			t.Error("too little was done before the process was killed")
		}
		w.sound()
	})
}

// burst works through the pages until the servers are killed.
func (w *town) burst(servers []*server, j *journal, mark string) {
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for n := 0; ; n++ {
				title := fmt.Sprintf("连写%s之%d-%d", mark, worker, n)
				if err := w.work(at(servers, worker), j, title, n); err != nil {
					if _, told := err.(*refusal); told {
						w.t.Error(err)
					}
					return
				}
			}
		})
	}
	for before, done := j.done(), 0; done < before+8 && !w.t.Failed(); done = j.done() {
		time.Sleep(time.Millisecond) // until work is under way, however slow the machine
	}
	time.Sleep(rand.N(500 * time.Millisecond)) // the moment of the kill is any
	for _, s := range servers {
		s.kill()
	}
	all.Wait()
}

// work drafts one item, saves it, and attaches a file or submits it.
func (w *town) work(s *server, j *journal, title string, n int) error {
	e, err := s.create(w, title)
	if err != nil {
		return err
	}
	j.note(func() { j.created[e], j.version[e] = title, 1 })
	v, err := s.save(w, e, 1, title+"改")
	if err != nil {
		return err
	}
	j.note(func() { j.created[e], j.version[e] = title+"改", v })
	if n%2 == 0 {
		if err := s.attach(w, e, title+".txt", []byte(strings.Repeat(title, 2000))); err != nil {
			return err
		}
		j.note(func() { j.files = append(j.files, title+".txt") })
		return nil
	}
	if err := s.submit(w, e, v, title+"改"); err != nil {
		return err
	}
	j.note(func() { j.sent = append(j.sent, e) })
	return nil
}

// attach uploads a file.
func (s *server) attach(w *town, edition, name string, data []byte) error {
	c := w.people["editor"]
	token, err := s.tokenOf(c)
	if err != nil {
		return err
	}
	var b strings.Builder
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil {
		return err
	}
	if err := m.Close(); err != nil {
		return err
	}
	r, err := http.NewRequest("POST", s.url+"/office/editions/"+edition+"/files", strings.NewReader(b.String()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("X-Form-Token", token)
	r.AddCookie(&http.Cookie{Name: "gongkai-office", Value: c.cookie})
	resp, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	page := make([]byte, 16<<10)
	n, _ := resp.Body.Read(page)
	return acknowledged(answer{status: resp.StatusCode, body: string(page[:n])}, nil)
}

// remembered holds the record against what was acknowledged.
func (w *town) remembered(j *journal) {
	w.t.Helper()
	w.kept(func(k *storage.Storage) error {
		return k.DB.View(w.t.Context(), func(tx *db.Tx) error {
			for e, title := range j.created {
				n, err := tx.Count("SELECT count(*) FROM item_edition WHERE id = $1 AND version >= $2 AND (title = $3 OR title = $4)", e, j.version[e], title, title+"改")
				if err != nil {
					return err
				}
				entries, err := tx.Count("SELECT count(*) FROM audit_entry WHERE subject = 'item' AND subject_id = (SELECT item FROM item_edition WHERE id = $1) AND version <= $2", e, j.version[e])
				if err != nil {
					return err
				}
				if n != 1 || int64(entries) != j.version[e] {
					w.t.Errorf("%s, acknowledged in version %d: %d records, %d entries", title, j.version[e], n, entries)
				}
			}
			for _, name := range j.files {
				if n, err := tx.Count("SELECT count(*) FROM item_edition WHERE attachments LIKE $1", "%"+name+"%"); err != nil || n != 1 {
					w.t.Errorf("%s was acknowledged and is attached to %d drafts, %v", name, n, err)
				}
			}
			for _, e := range j.sent {
				if n, err := tx.Count("SELECT count(*) FROM item_edition WHERE id = $1 AND state = 'review1'", e); err != nil || n != 1 {
					w.t.Errorf("%s was submitted and is not, %v", e, err)
				}
			}
			return nil
		})
	})
}

// Forty editions are due to be published when the servers start. They are killed while the jobs
// run; what they held is taken over when their leases have run out. Each edition is published
// once.
func TestJobsAreNeitherLostNorDoubled(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, servers int) {
		const n = 40
		w.schedule(n)
		var all []*server
		for range servers {
			all = append(all, w.start())
		}
		w.killOnceJobsRun(all)
		half := w.count(t, "SELECT count(*) FROM item_edition WHERE state = 'published'")
		t.Logf("killed after %d of %d", half, n)
		w.later(10 * time.Minute)
		if got := w.count(t, "SELECT count(*) FROM item_edition WHERE state = 'published'"); got != n {
			t.Errorf("%d of %d editions are published", got, n)
		}
		if got := w.count(t, "SELECT count(*) FROM audit_entry WHERE act = 'item.publish'"); got != n {
			t.Errorf("%d entries of %d publications", got, n)
		}
		w.sound()
	})
}

// killOnceJobsRun kills the servers when the first edition has been published.
func (w *town) killOnceJobsRun(all []*server) {
	w.t.Helper()
	w.kept(func(k *storage.Storage) error {
		for begun := 0; begun == 0; time.Sleep(time.Millisecond) {
			if err := k.DB.View(w.t.Context(), func(tx *db.Tx) (err error) {
				begun, err = tx.Count("SELECT count(*) FROM item_edition WHERE state = 'published'")
				return err
			}); err != nil {
				return err
			}
		}
		for _, s := range all {
			s.kill()
		}
		return nil
	})
}

// schedule approves editions whose time of publication is past when a server starts.
func (w *town) schedule(n int) {
	w.t.Helper()
	in, err := installation.Open(w.t.Context(), w.c)
	if err != nil {
		w.t.Fatal(err)
	}
	defer in.Close()
	now := time.Now()
	in.DB.Clock = func() time.Time { return now.Add(-time.Hour) }
	for i := range n {
		if err := w.scheduleOne(in, fmt.Sprint("编号预约", i), now.Add(-30*time.Minute)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *town) scheduleOne(in *installation.Installation, title string, when time.Time) error {
	ctx := context.Background()
	by := func(r actor.Role) actor.Actor {
		return actor.Actor{ID: string(r), Name: string(r), Grants: []actor.Grant{{Role: r, Agency: w.body}}}
	}
	e, err := in.Items.Create(ctx, by(actor.Editor), disclosure.New{
		Agency: w.body, Section: w.sections[0], Kind: disclosure.Information, Origin: disclosure.Made, Content: disclosure.Content{
			Title: title, Summary: "概述", Body: "<p>正文。</p>", Author: "示例", FormedOn: date.Of(when.In(date.China)).Plus(-1), Attribute: class.Proactive,
		}})
	if err == nil {
		e, err = in.Items.Submit(ctx, by(actor.Editor), e.ID, e.Version)
	}
	for i, l := range disclosure.Levels {
		if err == nil {
			e, err = in.Items.Review(ctx, by([]actor.Role{actor.Reviewer1, actor.Reviewer2, actor.Reviewer3, actor.Secrecy}[i]), e.ID, disclosure.Verdict{
				Level: l, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "同意", Ticks: l.Ticks(),
			})
		}
	}
	if err == nil {
		_, err = in.Items.Schedule(ctx, by(actor.Publisher), e.ID, when, disclosure.Release{Version: e.Version})
	}
	return err
}

// later runs the jobs with the clock moved on.
func (w *town) later(by time.Duration) {
	w.t.Helper()
	in, err := installation.Open(w.t.Context(), w.c)
	if err != nil {
		w.t.Fatal(err)
	}
	defer in.Close()
	in.DB.Clock = func() time.Time { return time.Now().Add(by) }
	if err := in.Runner(slog.New(slog.DiscardHandler)).Drain(w.t.Context()); err != nil {
		w.t.Error(err)
	}
}
