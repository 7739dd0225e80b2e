//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/installation"
	"gongkai/internal/storage"
)

// product is the program itself, as a release is built, so that what is killed, starved of
// disk and started twice is the real server process. The race detector, under which the
// tests run, would make it several times slower.
var product string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "gongkai-product")
	if err == nil {
		product = filepath.Join(dir, "gongkai")
		var out []byte
		if out, err = exec.Command("go", "build", "-o", product, ".").CombinedOutput(); err != nil {
			err = fmt.Errorf("build the program: %w\n%s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	if model.dir != "" {
		os.RemoveAll(model.dir)
	}
	os.Exit(code)
}

// password is everybody's in these tests.
const password = "Shiyong-Mima-2026"

// town is an installation with one body, two sections and people who are signed in.
type town struct {
	t        *testing.T
	c        config.Config
	body     string
	sections []string
	people   map[string]*clerk
}

// clerk is somebody who is signed in.
type clerk struct {
	id, login, cookie string

	once  sync.Once
	token string
}

// crew is who works in the town. Two may give the first review, and two may publish.
var crew = []struct {
	login string
	role  actor.Role
}{
	{"editor", actor.Editor}, {"first.one", actor.Reviewer1}, {"first.two", actor.Reviewer1}, {"second", actor.Reviewer2},
	{"third", actor.Reviewer3}, {"secrecy", actor.Secrecy}, {"publisher", actor.Publisher}, {"officer", actor.Officer}, {"joiner", actor.Editor},
}

// model is filled once; every test works on a copy.
var model struct {
	sync.Once
	dir  string
	err  error
	town town
}

// onEngines runs test in a town on each engine, with as many servers as the engine takes.
func onEngines(t *testing.T, test func(t *testing.T, w *town, servers int)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newTown(t, t.TempDir(), ""), 1) })
	t.Run("postgres", func(t *testing.T) { test(t, newTown(t, t.TempDir(), dbtest.EmptyPostgres(t)), 2) })
}

// newTown copies the model into a folder, and onto a database unless that is "".
func newTown(t *testing.T, dir, database string) *town {
	t.Helper()
	model.Do(func() { model.err = makeModel() })
	if model.err != nil {
		t.Fatal(model.err)
	}
	if err := os.CopyFS(dir, os.DirFS(model.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "gongkai.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, c: model.town.c, body: model.town.body, sections: model.town.sections, people: map[string]*clerk{}}
	w.c.Data = dir
	for login, p := range model.town.people {
		w.people[login] = &clerk{id: p.id, login: p.login, cookie: p.cookie}
	}
	if database != "" {
		w.kept(func(k *storage.Storage) error { return k.Copy(t.Context(), database, func(string, int64) {}) })
		w.c.Database = database
	}
	return w
}

func makeModel() (err error) {
	if model.dir, err = os.MkdirTemp("", "gongkai-town"); err != nil {
		return err
	}
	w := &model.town
	w.people = map[string]*clerk{}
	w.c = config.Default()
	w.c.Data, w.c.Addr = model.dir, "127.0.0.1:0"
	n, err := installation.Open(context.Background(), w.c)
	if err != nil {
		return err
	}
	return errors.Join(w.found(n), n.Close())
}

func (w *town) found(n *installation.Installation) error {
	ctx, program := context.Background(), actor.System("test")
	a, err := n.Agencies.Create(ctx, program, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: "示例县民政局", Kind: agency.Department, Level: agency.County, CreditCode: "11370322004222241N", OrgCode: "004222241",
	}})
	if err != nil {
		return err
	}
	w.body = a.ID
	for _, name := range []string{"试验动态", "试验公告"} {
		s, err := n.Sections.Create(ctx, program, a.ID, "", section.Draft{Name: name, Kind: section.News})
		if err != nil {
			return err
		}
		w.sections = append(w.sections, s.ID)
	}
	return w.hire(ctx, n)
}

func (w *town) hire(ctx context.Context, n *installation.Installation) error {
	code, err := n.People.SetupCode(ctx)
	if err != nil {
		return err
	}
	issued, err := n.People.SetUp(ctx, code, account.First{
		SysAdmin: account.Person{Login: "sysadmin", Name: "系统员"}, SecAdmin: account.Person{Login: "secadmin", Name: "安全员"},
		Auditor: account.Person{Login: "auditor", Name: "审计员"},
	}, account.From{})
	if err != nil {
		return err
	}
	admin := func(i int, r actor.Role) actor.Actor {
		return actor.Actor{ID: issued[i].Account.ID, Name: string(r), Grants: []actor.Grant{{Role: r}}}
	}
	sys, sec := admin(0, actor.SysAdmin), admin(1, actor.SecAdmin)
	rules, err := n.People.Security(ctx, sec)
	if err != nil {
		return err
	}
	rules.SecondFactor = account.NeedNobody
	if err := n.People.SetSecurity(ctx, sec, rules); err != nil {
		return err
	}
	for _, c := range crew {
		p, err := n.People.Create(ctx, sys, account.Person{Login: c.login, Name: c.login, Agency: w.body})
		if err != nil {
			return err
		}
		if _, err := n.People.Grant(ctx, sec, p.Account.ID, account.Grant{Role: c.role, Agency: w.body}); err != nil {
			return err
		}
		issued = append(issued, p)
	}
	return w.signIn(ctx, n, issued)
}

// signIn has everybody choose the password; several at a time, as the digests are slow.
func (w *town) signIn(ctx context.Context, n *installation.Installation, issued []*account.Issued) error {
	failed := make([]error, len(issued))
	var all sync.WaitGroup
	for i, p := range issued {
		c := &clerk{id: p.Account.ID, login: p.Account.Login}
		w.people[c.login] = c
		all.Go(func() {
			step, err := n.People.SignIn(ctx, p.Account.Login, p.Password, account.From{})
			if err == nil {
				step, err = n.People.Choose(ctx, step.Secret, password, account.From{})
			}
			c.cookie, failed[i] = step.Secret, err
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

// kept opens what the town keeps, beside the servers.
func (w *town) kept(do func(k *storage.Storage) error) {
	w.t.Helper()
	k, err := storage.Open(context.Background(), w.c)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(do(k), k.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// settings are the flags that name the town's folder and database.
func (w *town) settings(more ...string) []string {
	all := append(more, "--data", w.c.Data)
	if w.c.Database != "" {
		all = append(all, "--database", w.c.Database)
	}
	return all
}

// program is the product with arguments, in English. It ends with the test program.
func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, product, args...)
	cmd.Env = append(os.Environ(), "GONGKAI_LANG=en")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// run runs a command of the product to its end.
func run(t *testing.T, args ...string) (code int, output string) {
	t.Helper()
	cmd := program(t.Context(), args...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// server is a running process of the product.
type server struct {
	t      *testing.T
	url    string
	cmd    *exec.Cmd
	log    *logbook
	ended  chan struct{}
	client *http.Client
}

// logbook keeps what a process writes.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps b.
func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logbook) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

var readyLine = regexp.MustCompile(`public pages (http://\S+)/\n`)

// start starts a server and waits until it answers.
func (w *town) start(env ...string) *server {
	w.t.Helper()
	s := w.launch(env...)
	if s.url == "" {
		w.t.Fatalf("the server did not start: %s", s.log.text())
	}
	return s
}

// launch starts a server and waits until it answers or ends.
func (w *town) launch(env ...string) *server {
	w.t.Helper()
	s := &server{t: w.t, log: &logbook{}, ended: make(chan struct{}), client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	s.cmd = program(context.Background(), w.settings("serve", "--addr", w.c.Addr)...)
	s.cmd.Env = append(s.cmd.Env, env...)
	out, in := io.Pipe()
	s.cmd.Stdout, s.cmd.Stderr = io.MultiWriter(s.log, in), s.log
	if err := s.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		s.cmd.Wait() // how it ended is read from its state
		in.Close()
		close(s.ended)
	}()
	w.t.Cleanup(s.kill)
	s.listen(out)
	return s
}

// listen reads what the process says until it says where its pages are, then lets it talk.
func (s *server) listen(out io.Reader) {
	said, b := "", make([]byte, 4096)
	for s.url == "" {
		n, err := out.Read(b)
		said += string(b[:n])
		if m := readyLine.FindStringSubmatch(said); m != nil {
			s.url = m[1]
		}
		if err != nil {
			return
		}
	}
	go io.Copy(io.Discard, out)
}

// kill ends the process as kill -9 does. A race it found, or a panic, fails the test.
func (s *server) kill() {
	s.cmd.Process.Kill()
	<-s.ended
	s.client.CloseIdleConnections()
	for _, bad := range []string{"DATA RACE", "panic"} {
		if strings.Contains(s.log.text(), bad) {
			s.t.Errorf("%s: %s", bad, s.log.text())
		}
	}
}

// stop asks the process to end and returns how long it took and its exit code.
func (s *server) stop() (time.Duration, int) {
	begin := time.Now()
	s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.ended
	return time.Since(begin), s.cmd.ProcessState.ExitCode()
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
}

// call sends a request for somebody. An error is a connection that broke: nothing was
// acknowledged.
func (s *server) call(c *clerk, method, path string, form url.Values, change func(*http.Request)) (answer, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, s.url+path, body)
	if err != nil {
		return answer{}, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c != nil {
		r.AddCookie(&http.Cookie{Name: "gongkai-office", Value: c.cookie})
	}
	if change != nil {
		change(r)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header.Get("Location"), string(b)}, err
}

// get reads a page, which must be there.
func (s *server) get(c *clerk, path string) string {
	s.t.Helper()
	a, err := s.call(c, "GET", path, nil, nil)
	if err != nil || a.status != http.StatusOK {
		s.t.Errorf("%s: status %d, %v: %.300s", path, a.status, err, a.body)
	}
	return a.body
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// post sends a form as one of the person's own pages would.
func (s *server) post(c *clerk, path string, form url.Values) (answer, error) {
	s.t.Helper()
	token, err := s.tokenOf(c)
	if err != nil {
		return answer{}, err
	}
	form.Set("token", token)
	return s.call(c, "POST", path, form, nil)
}

func (s *server) tokenOf(c *clerk) (string, error) {
	c.once.Do(func() {
		if a, err := s.call(c, "GET", "/office/help", nil, nil); err == nil {
			if m := tokenField.FindStringSubmatch(a.body); m != nil {
				c.token = m[1]
			}
		}
	})
	if c.token == "" {
		return "", fmt.Errorf("%s finds no form on the page of help", c.login)
	}
	return c.token, nil
}

// hidden is the value of a field of a page that people do not see.
func hidden(page, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}
