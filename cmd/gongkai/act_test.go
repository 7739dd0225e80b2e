//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/disclosure"
)

// at sends work to the servers in turn.
func at(servers []*server, i int) *server { return servers[i%len(servers)] }

// together does n things at once.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// create opens a draft and returns its edition, "" when nothing was acknowledged.
func (s *server) create(w *town, title string) (string, error) {
	a, err := s.post(w.people["editor"], "/office/items/new", url.Values{
		"section": {w.sections[0]}, "kind": {"information"}, "origin": {"made"}, "title": {title},
	})
	if err == nil && a.status != http.StatusSeeOther {
		err = refused(a)
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimPrefix(a.location, "/office/editions/"), "/edit"), nil
}

// refusal is an answer that is no acknowledgement.
type refusal struct{ answer }

// Error shows the status and how the page begins.
func (r *refusal) Error() string { return fmt.Sprintf("status %d: %.200s", r.status, r.body) }

func refused(a answer) error { return &refusal{a} }

// text is what a draft needs to be submitted.
func text(version int64, title string) url.Values {
	return url.Values{
		"version": {strconv.FormatInt(version, 10)}, "title": {title}, "summary": {"概述"}, "body": {"<p>" + title + "的正文。</p>"},
		"formed_on": {date.Of(time.Now().In(date.China)).String()}, "author": {"示例"}, "attribute": {"proactive"},
	}
}

// save saves a draft as the editor's script does and returns its new version.
func (s *server) save(w *town, edition string, version int64, title string) (int64, error) {
	c := w.people["editor"]
	token, err := s.tokenOf(c)
	if err != nil {
		return 0, err
	}
	form := text(version, title)
	form.Set("token", token)
	a, err := s.call(c, "POST", "/office/editions/"+edition+"/autosave", form, func(r *http.Request) { r.Header.Set("Accept", "application/json") })
	if err == nil && a.status != http.StatusOK {
		err = refused(a)
	}
	if err != nil {
		return 0, err
	}
	var saved struct{ Version int64 }
	return saved.Version, json.Unmarshal([]byte(a.body), &saved)
}

// submit saves a draft a last time and submits it.
func (s *server) submit(w *town, edition string, version int64, title string) error {
	form := text(version, title)
	form.Set("do", "submit")
	return acknowledged(s.post(w.people["editor"], "/office/editions/"+edition+"/edit", form))
}

// approve gives one review of a level, for the content the page shows.
func (s *server) approve(c *clerk, edition string, l disclosure.Level) error {
	page, err := s.call(c, "GET", "/office/editions/"+edition+"/review?level="+string(l), nil, nil)
	if err == nil && page.status != http.StatusOK {
		err = refused(page)
	}
	if err != nil {
		return err
	}
	return s.judge(c, edition, l, hidden(page.body, "hash"))
}

func (s *server) judge(c *clerk, edition string, l disclosure.Level, hash string) error {
	form := url.Values{"hash": {hash}, "level": {string(l)}, "decision": {"approve"}, "opinion": {"同意"}}
	for _, t := range l.Ticks() {
		form.Add("ticks", string(t))
	}
	return acknowledged(s.post(c, "/office/editions/"+edition+"/review", form))
}

// step does one step of an edition's life, from the version that a page showed.
func (s *server) step(c *clerk, edition, do, version string) error {
	return acknowledged(s.post(c, "/office/editions/"+edition, url.Values{"do": {do}, "version": {version}, "reason": {"试验"}, "note": {"试验"}}))
}

// acknowledged is nil for an answer that says the act was done.
func acknowledged(a answer, err error) error {
	if err == nil && a.status != http.StatusSeeOther {
		return refused(a)
	}
	return err
}

// conflict reports whether err is the refusal of an act that another made impossible.
func conflict(err error) bool {
	r, ok := err.(*refusal)
	return ok && (r.status == http.StatusConflict || r.status == http.StatusForbidden)
}
