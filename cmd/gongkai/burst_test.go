//go:build linux

package main

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/disclosure"
)

// sameDigest makes sure that a file bears the digest of its content as its name.
func sameDigest(t *testing.T, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if sum := sm3.Sum(data); hex.EncodeToString(sum[:]) != filepath.Base(path) {
		t.Errorf("%s holds something else", path)
	}
	return nil
}

// Hundreds of acts at once through the pages, on PostgreSQL through two processes: saves of
// one draft, new drafts, submissions that take numbers, two approvals of one review, two
// publications, retraction against correction, roles given while people sign in, sections
// moved against each other. None is lost, none done twice, none breaks a rule.
func TestHundredsAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *town, n int) {
		var servers []*server
		for range n {
			servers = append(servers, w.start())
		}
		begin := time.Now()
		w.saveOneDraft(servers)
		editions := w.submitMany(servers, 60)
		w.approveAtOnce(servers, editions[:20])
		w.publishAtOnce(servers, editions[:4])
		w.grantWhileSigningIn(servers)
		w.moveSections(servers)
		t.Logf("the acts took %v", time.Since(begin).Round(time.Millisecond))
		for _, s := range servers {
			if took, code := s.stop(); code != 0 {
				t.Errorf("the server ended after %v with %d: %s", took, code, s.log.text())
			}
		}
		w.sound()
	})
}

// saveOneDraft has a hundred pages save one draft from the same version, then eight people go
// on until each has saved five times: no save goes over another unseen.
func (w *town) saveOneDraft(servers []*server) {
	w.t.Helper()
	edition, err := servers[0].create(w, "同一草稿")
	if err != nil {
		w.t.Fatal(err)
	}
	var kept, told, version atomic.Int64
	together(100, func(i int) {
		v, err := at(servers, i).save(w, edition, 1, fmt.Sprint("第一次保存", i))
		switch {
		case err == nil:
			kept.Add(1)
			version.Store(v)
		case conflict(err):
			told.Add(1)
		default:
			w.t.Error(err)
		}
	})
	if kept.Load() != 1 || told.Load() != 99 {
		w.t.Errorf("of a hundred saves at once %d were kept and %d told", kept.Load(), told.Load())
	}
	together(8, func(i int) {
		for n := 0; n < 5; {
			v, err := at(servers, i).save(w, edition, version.Load(), fmt.Sprintf("保存%d-%d", i, n))
			switch {
			case err == nil:
				version.Store(v)
				n++
			case !conflict(err):
				w.t.Error(err)
				return
			}
		}
	})
	if n := w.count(w.t, "SELECT version FROM item_edition WHERE id = $1", edition); n != 42 {
		w.t.Errorf("the draft has version %d, want 42: its making, one save, forty saves", n)
	}
	if n := w.count(w.t, "SELECT count(*) FROM audit_entry WHERE act = 'item.edit'"); n != 41 {
		w.t.Errorf("there are %d entries of saving, want 41", n)
	}
}

// submitMany opens drafts and submits them, all at once.
func (w *town) submitMany(servers []*server, n int) []string {
	w.t.Helper()
	editions := make([]string, n)
	together(n, func(i int) {
		s, title := at(servers, i), fmt.Sprint("编号试验", i)
		var err error
		if editions[i], err = s.create(w, title); err == nil {
			err = s.submit(w, editions[i], 1, title)
		}
		if err != nil {
			w.t.Error(err)
		}
	})
	if w.t.Failed() {
		w.t.FailNow()
	}
	return editions
}

// approveAtOnce has two reviewers of one level approve each edition at the same moment. One
// opinion counts, and each of the two is told so or so.
func (w *town) approveAtOnce(servers []*server, editions []string) {
	w.t.Helper()
	var given, told atomic.Int64
	hashes := make([]string, len(editions))
	together(len(editions), func(i int) {
		hashes[i] = hidden(at(servers, i).get(w.people["first.one"], "/office/editions/"+editions[i]+"/review"), "hash")
	})
	together(2*len(editions), func(i int) {
		who := w.people[[]string{"first.one", "first.two"}[i%2]]
		switch err := at(servers, i).judge(who, editions[i/2], disclosure.First, hashes[i/2]); {
		case err == nil:
			given.Add(1)
		case conflict(err):
			told.Add(1)
		default:
			w.t.Error(err)
		}
	})
	if n := int64(len(editions)); given.Load() != n || told.Load() != n {
		w.t.Errorf("of two approvals each of %d editions %d counted and %d were told", n, given.Load(), told.Load())
	}
	if n := w.count(w.t, "SELECT count(*) FROM item_edition WHERE state = 'review2'"); n != len(editions) {
		w.t.Errorf("%d editions stand before the second review, want %d", n, len(editions))
	}
}

// publishAtOnce takes editions to their publication, presses the button twice at once, then
// retracts and corrects at once.
func (w *town) publishAtOnce(servers []*server, editions []string) {
	w.t.Helper()
	together(len(editions), func(i int) {
		for _, r := range []struct {
			who   string
			level disclosure.Level
		}{{"second", disclosure.Second}, {"third", disclosure.Third}, {"secrecy", disclosure.Clearer}} {
			if err := at(servers, i).approve(w.people[r.who], editions[i], r.level); err != nil {
				w.t.Errorf("%s: %v", r.who, err)
			}
		}
	})
	w.twice(servers, editions, "publish", "publish")
	w.twice(servers, editions, "retract", "supersede")
	if n := w.count(w.t, "SELECT count(*) FROM audit_entry WHERE act = 'item.publish'"); n != len(editions) {
		w.t.Errorf("%d entries of publication, want %d", n, len(editions))
	}
}

// twice presses two buttons of each edition's page at the same moment: one does something.
func (w *town) twice(servers []*server, editions []string, buttons ...string) {
	w.t.Helper()
	versions := make([]string, len(editions))
	together(len(editions), func(i int) {
		versions[i] = hidden(at(servers, i).get(w.people["publisher"], "/office/editions/"+editions[i]), "version")
	})
	var done atomic.Int64
	together(2*len(editions), func(i int) {
		err := at(servers, i).step(w.people["publisher"], editions[i/2], buttons[i%2], versions[i/2])
		if err == nil {
			done.Add(1)
		} else if !conflict(err) {
			w.t.Errorf("%s: %v", buttons[i%2], err)
		}
	})
	if done.Load() != int64(len(editions)) {
		w.t.Errorf("%v at once on %d editions was done %d times", buttons, len(editions), done.Load())
	}
}

// grantWhileSigningIn gives somebody the same role ten times at once while that person signs
// in. One grant is left, and nobody sees anything but a page.
func (w *town) grantWhileSigningIn(servers []*server) {
	w.t.Helper()
	joiner := w.people["joiner"]
	together(12, func(i int) {
		s := at(servers, i)
		if i < 4 {
			if err := s.enter(joiner.login); err != nil {
				w.t.Errorf("signing in: %v", err)
			}
			return
		}
		err := acknowledged(s.post(w.people["secadmin"], "/office/people/"+joiner.id+"/act", url.Values{
			"do": {"grant"}, "role": {"publisher"}, "body": {w.body}, "reason": {"试验"},
		}))
		if r, ok := err.(*refusal); err != nil && (!ok || r.status >= 500) {
			w.t.Errorf("granting: %v", err)
		}
	})
	if n := w.count(w.t, "SELECT count(*) FROM account_grant WHERE account = $1 AND role = 'publisher' AND revoked_at IS NULL", joiner.id); n != 1 {
		w.t.Errorf("the role was given %d times", n)
	}
}

// enter signs somebody in from a browser of its own.
func (s *server) enter(login string) error {
	page, visitor, err := s.signInPage()
	if err != nil {
		return err
	}
	return acknowledged(s.call(nil, "POST", "/office/sign-in", url.Values{
		"token": {hidden(page, "token")}, "login": {login}, "password": {password},
	}, func(r *http.Request) { r.AddCookie(visitor) }))
}

func (s *server) signInPage() (string, *http.Cookie, error) {
	resp, err := s.client.Get(s.url + "/office/sign-in")
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	var page [64 << 10]byte
	n := 0
	for err == nil && n < len(page) {
		var m int
		m, err = resp.Body.Read(page[n:])
		n += m
	}
	if len(resp.Cookies()) == 0 {
		return "", nil, fmt.Errorf("the sign-in page of status %d sets no cookie", resp.StatusCode)
	}
	return string(page[:n]), resp.Cookies()[0], nil
}

// moveSections puts two sections below each other at once: not both can be.
func (w *town) moveSections(servers []*server) {
	w.t.Helper()
	officer := w.people["officer"]
	versions := make([]string, 2)
	for i, id := range w.sections {
		versions[i] = hidden(servers[0].get(officer, "/office/sections/"+id), "version")
	}
	var done atomic.Int64
	together(2, func(i int) {
		err := acknowledged(at(servers, i).post(officer, "/office/sections/"+w.sections[i]+"/move", url.Values{
			"parent": {w.sections[1-i]}, "version": {versions[i]},
		}))
		if err == nil {
			done.Add(1)
		} else if r, ok := err.(*refusal); !ok || r.status >= 500 {
			w.t.Errorf("moving: %v", err)
		}
	})
	if done.Load() != 1 {
		w.t.Errorf("%s of two sections moved below each other", strconv.FormatInt(done.Load(), 10))
	}
}
