package desk_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/annual/sample"
	"gongkai/internal/web/desk"
)

// corpus returns a real report of the corpus.
func corpus(t testing.TB, name string) []byte {
	t.Helper()
	root := os.Getenv("GONGKAI_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	b, err := os.ReadFile(filepath.Join(root, "reports", name))
	if err != nil {
		t.Fatalf("the corpus is needed; set GONGKAI_CORPUS to where it is: %v", err)
	}
	return b
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a desk under test: its server, its clock and what it logged.
type bench struct {
	*httptest.Server
	clock *clock
	log   *bytes.Buffer
}

// start serves a desk. Reports of the year 2024 are due when its clock starts.
func start(t testing.TB, o desk.Options) *bench {
	t.Helper()
	b := &bench{clock: &clock{now: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	o.Now, o.Log = b.clock.Now, slog.New(slog.NewTextHandler(b.log, nil))
	h, err := desk.New(o)
	if err != nil {
		t.Fatal(err)
	}
	b.Server = httptest.NewServer(h)
	t.Cleanup(b.Close)
	return b
}

// samples are the made-up city's reports.
func samples() []desk.Sample {
	var out []desk.Sample
	for _, s := range sample.Of(sample.Report, sample.Previous, sample.Parent) {
		out = append(out, desk.Sample{Name: s.Name, Data: s.Data})
	}
	return out
}

// visitor is a person's browser, without script.
type visitor struct {
	t      testing.TB
	b      *bench
	client *http.Client
}

func (b *bench) visitor(t testing.TB) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, b, &http.Client{Jar: jar}}
}

// page is what a visitor sees: the status, the address and the text.
type page struct {
	status int
	url    *url.URL
	header http.Header
	body   string
}

func (v *visitor) do(r *http.Request) page {
	v.t.Helper()
	resp, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return page{resp.StatusCode, resp.Request.URL, resp.Header, string(body)}
}

func (v *visitor) get(path string) page {
	v.t.Helper()
	r, err := http.NewRequest("GET", v.b.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

func (v *visitor) post(path string, form url.Values) page {
	v.t.Helper()
	r, err := http.NewRequest("POST", v.b.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.b.URL)
	return v.do(r)
}

// file is one file of an upload.
type file struct {
	name string
	data []byte
}

func (v *visitor) upload(path string, fields url.Values, files ...file) page {
	v.t.Helper()
	return v.send(path, "file", fields, files...)
}

// send posts a form with files in one of its fields.
func (v *visitor) send(path, field string, fields url.Values, files ...file) page {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, f := range files {
		w, err := m.CreateFormFile(field, f.name)
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			v.t.Fatal(err)
		}
	}
	for name, values := range fields {
		for _, value := range values {
			if err := m.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	if err := m.Close(); err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", v.b.URL+path, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", v.b.URL)
	return v.do(r)
}

func (p page) has(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			t.Errorf("%s (%d) lacks %q", p.url.Path, p.status, text)
		}
	}
}

func (p page) lacks(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(p.body, text) {
			t.Errorf("%s (%d) has %q", p.url.Path, p.status, text)
		}
	}
}

func (p page) is(t testing.TB, status int) page {
	t.Helper()
	if p.status != status {
		t.Fatalf("%s: status %d, want %d: %s", p.url.Path, p.status, status, p.body[:min(len(p.body), 600)])
	}
	return p
}

// The basic path without script: hand in, see, settle, take away. In the report of 集安市民政局
// two numbers stand for three cells of 其他对外管理服务事项; a person says which they are.
func TestUploadSeeSettleDownload(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	p := v.upload("/desk", nil, file{"S2.txt", corpus(t, "seed/S2_集安市民政局_2020.txt")}).is(t, 200)
	self := p.url.Path
	p.has(t, "集安市民政局", "2019 年格式", "待确定", `value="T2.`, "212204", "第二十条第（一）项")

	option := regexp.MustCompile(`name="(q:T2\.[^"]*)" value="(T2\.[^"]*)"`).FindStringSubmatch(p.body)
	if option == nil {
		t.Fatal("no reading is offered")
	}
	chosen := strings.ReplaceAll(option[2], "&amp;", "&")
	p = v.post(self+"settle", nil).is(t, 200)
	p.has(t, "还没有选择")
	p.lacks(t, "已保存")
	first := strings.TrimPrefix(option[1], "q:")
	p = v.post(self+"settle", url.Values{option[1]: {"free"}, "v:" + first: {"35"}}).is(t, 200)
	p.has(t, `value="35"`, "勾选“空白”", `value="free" checked`)
	p.lacks(t, "已保存", "您改过的格")
	p = v.post(self+"settle", url.Values{option[1]: {chosen}}).is(t, 200)
	p.has(t, "已保存，并重新核对", "您改过的格")
	p.lacks(t, option[1])

	var report struct {
		Cells map[string]struct {
			Value *float64 `json:"value"`
		} `json:"cells"`
	}
	got := v.get(self+"as/json").is(t, 200)
	if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("Content-Disposition %q", d)
	}
	if err := json.Unmarshal([]byte(got.body), &report); err != nil {
		t.Fatal(err)
	}
	values, err := url.ParseQuery(chosen)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range values {
		have, ok := report.Cells[key]
		switch {
		case !ok:
			t.Errorf("the JSON lacks %s", key)
		case want[0] == "" && have.Value != nil:
			t.Errorf("%s = %v, want a blank", key, *have.Value)
		case want[0] != "" && have.Value == nil:
			t.Errorf("%s is blank, want %s", key, want[0])
		}
	}
	for _, format := range []string{"docx", "pdf", "xlsx", "html", "txt"} {
		if got := v.get(self+"as/"+format).is(t, 200); len(got.body) < 1000 {
			t.Errorf("%s: only %d bytes", format, len(got.body))
		}
	}
	v.get(self+"as/exe").is(t, 422)

	p = v.post(self+"undo", url.Values{"all": {"1"}}).is(t, 200)
	p.has(t, option[1])
	p.lacks(t, "您改过的格")
}

// Any cell may be edited; full-width digits are digits, and what is no number comes back
// with a message at its field and changes nothing.
func TestEditCells(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	self := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	v.get(self+"?edit").is(t, 200).has(t, `name="c:T2.normdocs.issued"`)

	p := v.post(self+"settle", url.Values{"edit": {"1"}, "c:T2.normdocs.issued": {"７ "}}).is(t, 200)
	p.has(t, `name="c:T2.normdocs.issued" value="7"`, "您改过的格（1）", "2 → 7")

	p = v.post(self+"settle", url.Values{"edit": {"1"}, "c:T2.normdocs.issued": {"七件"}}).is(t, 200)
	p.has(t, "七件", "请填数字", "什么也没有保存", `href="#i-T2.normdocs.issued"`, "2 → 7")
	if p.url.RawQuery != "wrong&edit" {
		t.Errorf("at %s, which cannot be loaded anew", p.url)
	}
	v.get(p.url.Path+"?"+p.url.RawQuery).is(t, 200).has(t, "七件")
	p = v.post(self+"settle", url.Values{"c:T2.normdocs.issued": {"-7"}}).is(t, 200)
	p.has(t, `value="-7"`, "这一格不能是负数", `href="#one"`)
	p = v.post(self+"settle", url.Values{"c:T2.normdocs.issued": {"7.5"}}).is(t, 200)
	p.has(t, "这一格只能是整数", "2 → 7")
	p = v.post(self+"settle", url.Values{"c:T2.normdocs.issued": {"7"}}).is(t, 200)
	p.has(t, "还没有选择")
	p.lacks(t, "已保存")

	p = v.post(self+"settle", url.Values{"c:T2.normdocs.issued": {""}}).is(t, 200)
	p.has(t, "2 → 空白", "已保存", `aria-hidden="true">已确定</span>`)

	p = v.post(self+"undo", url.Values{"key": {"T2.normdocs.issued"}}).is(t, 200)
	p.lacks(t, "您改过的格")
}

// S4 says 7 documents in its text and 2 in its table (R-AR-14): choosing the finding marks
// both places, in the form and in the source, without script.
func TestFindingMarksBothPlaces(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	self := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	p := v.get(self).is(t, 200)
	var no []string
	for _, f := range strings.Split(p.body, `<li class="finding`) {
		if strings.Contains(f, "R-AR-14") && strings.Contains(f, `href="#c-T2.normdocs.issued"`) {
			no = regexp.MustCompile(`id="f(\d+)"`).FindStringSubmatch(f)
			break
		}
	}
	if no == nil {
		t.Fatal("the contradiction 7 against 2 is not listed")
	}
	p = v.get(self + "?finding=" + no[1])
	p.has(t, `on" id="c-T2.normdocs.issued"`)
	marks := regexp.MustCompile(`<mark class="[a-z]* on" data-f="[^"]*">[^<]*7[^<]*</mark>`).FindAllString(p.body, -1)
	if len(marks) != 2 {
		t.Errorf("the 7 is marked %d times, want in the form and in the source: %q", len(marks), marks)
	}
	p = v.get(self + "?cell=T2.normdocs.issued")
	p.has(t, `id="cell"`, "原文位置", "原文有此数")
}

// Text may be pasted; with its tables it comes as HTML.
func TestPaste(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	v.upload("/desk", url.Values{"text": {string(corpus(t, "seed/S4_焦作市民政局_2023.txt"))}}).is(t, 200).
		has(t, "焦作市民政局2023年政府信息公开工作年度报告", "粘贴的内容.txt")
	v.upload("/desk", url.Values{"html": {string(corpus(t, "full/R09_杭州式_2025.html"))}}).is(t, 200).
		has(t, "粘贴的内容.html", "13612")
	v.upload("/desk", url.Values{"text": {" \n"}}).is(t, 200).has(t, "还没有选择文件")
}

// What cannot be read is named with its reason; the other files of the batch still work,
// and what is no report is refused with reasons (seed S3).
func TestHostileUploads(t *testing.T) {
	b := start(t, desk.Options{Limits: desk.Limits{File: 1 << 20, Files: 7}})
	v := b.visitor(t)
	p := v.upload("/desk", nil,
		file{"大.txt", bytes.Repeat([]byte("年报"), 1<<20)},
		file{"图.docx", []byte("\x89PNG\r\n\x1a\n0000")},
		file{"断.docx", []byte("PK\x03\x04 not a whole archive")},
		file{"空.txt", nil},
		file{`C:\报告\..\` + "S4\u202e.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")},
		file{"S3.txt", corpus(t, "seed/S3_文档站转载_非统一格式.txt")},
		file{"宏.exe", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00")},
		file{"多.txt", []byte("第八个")},
	).is(t, 200)
	p.has(t, "大.txt", "超过 1 MB 的上限", "图.docx", "断.docx", "空.txt", "宏.exe", "多.txt", "一批最多 7 个文件",
		"焦作市民政局2023年政府信息公开工作年度报告", "不是统一格式年报", "共 8 个文件：1 份年报")
	p.lacks(t, `C:\`, "\u202e", "⟦")
	if n := strings.Count(p.body, "badge broken"); n != 7 {
		t.Errorf("%d files are marked as no report, want 7", n)
	}
	for _, no := range []string{"1", "2", "3", "4", "6", "7", "8"} {
		v.get(p.url.Path+no+"/").is(t, 200).lacks(t, "as/docx", "⟦")
		v.get(p.url.Path+no+"/as/docx").is(t, 422)
		v.post(p.url.Path+no+"/settle", url.Values{"c:T3.new.total": {"1"}}).is(t, 422)
	}
	v.get(p.url.Path+"9/").is(t, 404)
	v.get(p.url.Path+"x/").is(t, 404)
}

// An upload past the limit keeps what came before.
func TestUploadCutShort(t *testing.T) {
	v := start(t, desk.Options{Limits: desk.Limits{Request: 200 << 10}}).visitor(t)
	p := v.upload("/desk", nil,
		file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")},
		file{"大.txt", bytes.Repeat([]byte("年报"), 1<<18)}).is(t, 200)
	p.has(t, "超过 0.2 MB", "焦作市民政局2023年")
}

// The desk holds no more than it may, and says so; clearing makes room.
func TestMemoryIsBounded(t *testing.T) {
	b := start(t, desk.Options{Limits: desk.Limits{Memory: 2 << 20, Batches: 2}})
	v := b.visitor(t)
	s4 := file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}
	p := v.upload("/desk", nil, s4, s4, s4, s4, s4, s4, s4, s4).is(t, 200)
	p.has(t, "服务器正忙")
	if n := strings.Count(p.body, `class="row faults"`); n == 0 || n == 8 {
		t.Errorf("%d of 8 reports fit into 2 MB", n)
	}
	v.post(p.url.Path+"clear", nil).is(t, 200).has(t, "已清除")
	v.upload("/desk", nil, s4).is(t, 200).has(t, "问题")
	b.visitor(t).upload("/desk", nil, s4).is(t, 200)
	b.visitor(t).upload("/desk", nil, s4).is(t, 200).has(t, "服务器正忙")
}

// After the idle time a batch is gone, one minute before it is not; using it starts the
// time anew.
func TestExpiry(t *testing.T) {
	b := start(t, desk.Options{})
	v := b.visitor(t)
	path := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	b.clock.pass(119 * time.Minute)
	v.get(path).is(t, 200)
	b.clock.pass(119 * time.Minute)
	v.get(path).is(t, 200)
	b.clock.pass(120 * time.Minute)
	v.get(path).is(t, 404).has(t, "已过期")
	v.get("/").is(t, 200).lacks(t, "未完成的核对")
}

// 立即清除 removes a batch at once.
func TestClear(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	path := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	list := strings.TrimSuffix(path, "1/")
	v.get("/").has(t, "未完成的核对", list)
	v.post(list+"clear", nil).is(t, 200).has(t, "已清除")
	v.get(path).is(t, 404)
	v.get(list).is(t, 404)
}

// An address alone opens nothing: not in another browser, not after guessing.
func TestOtherBrowser(t *testing.T) {
	b := start(t, desk.Options{})
	v := b.visitor(t)
	path := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	other := b.visitor(t)
	other.get(path).is(t, 404).lacks(t, "焦作")
	other.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200)
	other.get(path).is(t, 404).lacks(t, "焦作")
	other.post(strings.TrimSuffix(path, "1/")+"clear", nil).is(t, 404)
	v.get(path).is(t, 200)
	u, err := url.Parse(b.URL)
	if err != nil {
		t.Fatal(err)
	}
	if cookies := v.client.Jar.Cookies(u); len(cookies) != 1 || len(cookies[0].Value) < 26 {
		t.Errorf("cookies %v", cookies)
	}
}

// The cookie is out of reach of scripts and other sites.
func TestCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		b := start(t, desk.Options{Secure: secure, Base: "/gongkai"})
		v := b.visitor(t)
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		p := v.upload("/gongkai/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 303)
		got := p.header.Get("Set-Cookie")
		for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/gongkai/"} {
			if !strings.Contains(got, want) {
				t.Errorf("cookie %q lacks %s", got, want)
			}
		}
		if strings.Contains(got, "Secure") != secure {
			t.Errorf("cookie %q, secure %v", got, secure)
		}
		if !strings.HasPrefix(p.header.Get("Location"), "/gongkai/desk/") {
			t.Errorf("Location %q", p.header.Get("Location"))
		}
	}
}

// A form from another site changes nothing.
func TestForeignOrigin(t *testing.T) {
	b := start(t, desk.Options{})
	v := b.visitor(t)
	path := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	for _, header := range [][2]string{{"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		r, err := http.NewRequest("POST", b.URL+strings.TrimSuffix(path, "1/")+"clear", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(header[0], header[1])
		v.do(r).is(t, 403).has(t, "不是从本页面发出的")
	}
	v.get(path).is(t, 200)
}

// Every page forbids foreign content, scripts in the page and framing, and is not stored.
func TestHeaders(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	path := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	external := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//`)
	inline := regexp.MustCompile(`<script[^>]*>[^<]|<style|\son[a-z]+="|\sstyle="`)
	for _, at := range []string{"/", "/help", path, path + "as/html", "/none", strings.TrimSuffix(path, "1/")} {
		p := v.get(at)
		csp := p.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %s", at, csp, want)
			}
		}
		if p.header.Get("X-Content-Type-Options") != "nosniff" || p.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", at, p.header)
		}
		if !strings.Contains(at, "/as/") && (external.MatchString(p.body) || inline.MatchString(p.body)) {
			t.Errorf("%s: foreign or inline content: %s%s", at, external.FindString(p.body), inline.FindString(p.body))
		}
	}
}

// Neither file names nor content reach the log, and addresses hold only the batch and a
// number.
func TestNothingPrivateInLogs(t *testing.T) {
	b := start(t, desk.Options{})
	v := b.visitor(t)
	p := v.upload("/desk", nil, file{"张三的申请.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")},
		file{"张三.docx", []byte("PK\x03\x04 broken")}).is(t, 200)
	if !regexp.MustCompile(`^/desk/[A-Z2-7]{26}/$`).MatchString(p.url.String()[len(b.URL):]) {
		t.Errorf("address %s", p.url)
	}
	v.get(p.url.Path + "2/")
	v.get(p.url.Path + "1/as/xyz")
	v.get("/张三")
	for _, private := range []string{"张三", "焦作", p.url.Path} {
		if strings.Contains(b.log.String(), private) {
			t.Errorf("the log has %q: %s", private, b.log.String())
		}
	}
}

// Keeping writes the file and its report, only when asked and only where the operator has
// set a folder; a second time takes another name.
func TestKeep(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	path := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	v.get(path).lacks(t, "保存到本机")
	v.post(path+"keep", nil).is(t, 501)

	folder := t.TempDir()
	v = start(t, desk.Options{Keep: folder}).visitor(t)
	p := v.upload("/desk", nil, file{"../../S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200)
	p.has(t, "保存到本机")
	if files := names(t, folder); len(files) != 0 {
		t.Errorf("kept unasked: %v", files)
	}
	const title = "焦作市民政局2023年政府信息公开工作年度报告"
	v.post(p.url.Path+"keep", nil).is(t, 200).has(t, "已保存到本机", title)
	v.post(p.url.Path+"keep", nil).is(t, 200).has(t, title+"（2）")
	want := []string{title + ".report.json", title + ".txt", title + "（2）.report.json", title + "（2）.txt"}
	if got := names(t, folder); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("kept %q, want %q", got, want)
	}
}

func names(t *testing.T, folder string) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// A batch of the made-up city: sorted by gravity, packed, merged with its list of bodies,
// compared.
func TestBatch(t *testing.T) {
	v := start(t, desk.Options{Samples: samples()}).visitor(t)
	v.get("/").is(t, 200).has(t, "先试一试")
	p := v.upload("/desk", url.Values{"sample": {"1"}}).is(t, 200)
	list := p.url.Path
	p.has(t, "不是统一格式年报", "示范市科学技术局2024年政府信息公开工作年度报告")
	if strings.Index(p.body, "不是统一格式年报") > strings.Index(p.body, "未发现问题") {
		t.Error("what is no report does not come first")
	}
	v.get(list+"?order=agency").is(t, 200)

	zipped := v.get(list+"zip?format=txt&f=1&f=2").is(t, 200)
	z, err := zip.NewReader(strings.NewReader(zipped.body), int64(len(zipped.body)))
	if err != nil {
		t.Fatal(err)
	}
	var packed []string
	for _, f := range z.File {
		packed = append(packed, f.Name)
	}
	if len(packed) != 4 || !slices.Contains(packed, "核查结果.txt") || !slices.Contains(packed, "核对清单.txt") {
		t.Errorf("the archive has %q", packed)
	}
	for _, format := range []string{"docx", "pdf", "xlsx", "html", "txt"} {
		if got := v.get(list+"findings?format="+format).is(t, 200); len(got.body) < 1000 {
			t.Errorf("findings as %s: %d bytes", format, len(got.body))
		}
		v.get(list+"2/findings/"+format).is(t, 200)
	}
	v.get(list+"findings?format=json").is(t, 422)

	v.get(list+"merge").is(t, 200).has(t, "汇总后是谁的年报")
	form := url.Values{"agency": {""}, "year": {"2024"}, "f": {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}}
	p = v.upload(list+"merge", form).is(t, 200)
	p.has(t, "请填写汇总后是哪个机关", `value="2024"`)
	v.get(p.url.Path+"?"+p.url.RawQuery).is(t, 200).has(t, "请填写汇总后是哪个机关")
	form.Set("agency", "示范市人民政府")
	form.Set("printed", "16")
	p = v.uploadUnits(list+"merge", form, sample.Of(sample.Units)[0]).is(t, 200)
	p.has(t, "示范市人民政府2024年政府信息公开工作年度报告", "缺报", "示范市水务局", "逾期", "与已编好的汇总报告对照")
	v.get(p.url.Path+"?cell=T3.new.total").is(t, 200).has(t, "由谁的数组成", "示范市民政局")
	for _, at := range []string{"as/docx", "workbook"} {
		if got := v.get(p.url.Path+at).is(t, 200); !strings.HasPrefix(got.body, "PK") {
			t.Errorf("%s: no Office file", at)
		}
	}

	p = v.get(list+"compare").is(t, 200)
	p.has(t, "个单位并列", "<svg", "示范市司法局：2023 年和 2024 年")
	pair := regexp.MustCompile(`compare\?f=\d+&amp;f=\d+`).FindString(p.body)
	v.get(list+strings.ReplaceAll(pair, "&amp;", "&")).is(t, 200).has(t, "跨年衔接", "增幅")
	v.get(list+"compare?f=1").is(t, 200).has(t, "没有可以比较的")

	p = v.post(list+"remove", url.Values{"f": {"1", "2"}}).is(t, 200)
	v.get(list+"1/").is(t, 404)
	p = v.post(list+"remove", nil).is(t, 200)
	p.has(t, "没有勾选文件")
	v.get(list).lacks(t, "没有勾选文件")
	v.upload(list+"files", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).has(t, "焦作市民政局")
}

// uploadUnits sends a form with a list of bodies.
func (v *visitor) uploadUnits(path string, fields url.Values, units sample.File) page {
	v.t.Helper()
	return v.send(path, "units", fields, file{units.Name, units.Data})
}

// Each page says everything in both languages.
func TestWording(t *testing.T) {
	v := start(t, desk.Options{Samples: samples()}).visitor(t)
	list := v.upload("/en/desk", url.Values{"sample": {"1"}}).is(t, 200).url.Path
	if !strings.HasPrefix(list, "/en/desk/") {
		t.Fatalf("the language is lost: %s", list)
	}
	bare := strings.TrimPrefix(list, "/en")
	v.upload(bare+"merge", url.Values{"agency": {"示范市人民政府"}, "year": {"2024"}, "f": {"1", "2"}}).is(t, 200)
	for _, at := range []string{"/", "/help", bare, bare + "2/", bare + "2/?edit", bare + "merge", bare + "merged/", bare + "compare", "/none"} {
		v.get(at).lacks(t, "⟦", "<no value>", "%!")
		p := v.get("/en" + at)
		p.lacks(t, "⟦", "<no value>", "%!")
		p.has(t, `<html lang="en">`, `lang="zh-CN" hreflang="zh-CN"`)
	}
}

// Decisions taken at the same time on one report are all kept.
func TestDecisionsAtTheSameTime(t *testing.T) {
	v := start(t, desk.Options{}).visitor(t)
	self := v.upload("/desk", nil, file{"S4.txt", corpus(t, "seed/S4_焦作市民政局_2023.txt")}).is(t, 200).url.Path
	var all sync.WaitGroup
	for _, column := range []string{"natural", "biz", "sci", "npo", "legal", "other"} {
		all.Go(func() {
			v.post(self+"settle", url.Values{"c:T3.new." + column: {"31"}})
		})
	}
	all.Wait()
	v.get(self).has(t, "您改过的格（6）")
}

// A report's page, rendered and sent.
func BenchmarkReportPage(b *testing.B) {
	v := start(b, desk.Options{}).visitor(b)
	path := v.upload("/desk", nil, file{"R02.txt", corpus(b, "full/R02_洪泽区_2024.txt")}).is(b, 200).url.Path
	for b.Loop() {
		v.get(path).is(b, 200)
	}
}

// A report from upload to result.
func BenchmarkUpload(b *testing.B) {
	data := corpus(b, "full/R02_洪泽区_2024.txt")
	v := start(b, desk.Options{Limits: desk.Limits{Batches: 1 << 20, Memory: 1 << 40}}).visitor(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		v.upload("/desk", nil, file{"R02.txt", data}).is(b, 200)
	}
}
