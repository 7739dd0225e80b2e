package office

import (
	"bytes"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/foi/redact"
	"gongkai/internal/paper"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// minutes is a made-up file found for a request, with what must be withheld in it.
func minutes(t testing.TB, write func(*bytes.Buffer, *paper.Document) error) []byte {
	t.Helper()
	d := &paper.Document{Title: "关于示范小区停车场改造的会议纪要", Signature: "示范市住房和城乡建设局", Date: "2026年3月2日", Body: []paper.Block{
		paper.Paragraph("一、基本情况"),
		paper.Paragraph("示范小区业主代表：钱小样，身份证号11010519491231002X，手机13800138000，住示范市示范区示范路3号2栋101室。"),
		paper.Paragraph("二、议定事项"),
		paper.Paragraph("会议同意改造方案，改造资金由示范市财政局统筹安排，业主代表钱小样负责联络。"),
	}}
	var out bytes.Buffer
	if err := write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// redactHouse is an office with one request and a file found for it; it returns their path.
func redactHouse(t testing.TB, name string, data []byte) (h *house, desk *foi.Desk, officer actor.Actor, request, file string) {
	t.Helper()
	d := dbtest.SQLite(t)
	agencies := &agency.Registry{DB: d}
	body, err := agencies.Create(t.Context(), actor.System("test"), agency.New{Facts: agency.Facts{Name: "示范市住房和城乡建设局", Kind: agency.Department, Level: agency.City}, Since: date.Must(2019, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	desk = &foi.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: blobs}
	officer = actor.Actor{ID: "p1", Name: "示例员甲", Grants: []actor.Grant{{Role: actor.Officer, Agency: body.ID}}}
	r, _, err := desk.Register(t.Context(), officer, foi.Registration{Agency: body.ID, Channel: foi.Counter, Received: date.Of(dbtest.Noon), Application: foi.Application{
		Applicant: foi.Applicant{Kind: foi.Natural, Name: "甲某某", IDType: foi.ChineseCard, IDNumber: "110101199003070011", Phone: "13800000000", Address: "示范市二号路"},
		Sought:    foi.Sought{Name: "示范小区停车场改造的会议纪要", Features: "示范小区停车场改造的会议纪要"}, Form: foi.Electronic, Way: foi.Online,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if file, err = desk.AddFile(t.Context(), officer, r.ID, foi.Upload{Kind: foi.Found, Name: name, Data: data}); err != nil {
		t.Fatal(err)
	}
	who := Session{Actor: officer, Bodies: []Body{{body.ID, body.Name}}}
	stranger := Session{Actor: actor.Actor{ID: "p2", Name: "示例员乙", Grants: []actor.Grant{{Role: actor.Editor, Agency: body.ID}}}, Bodies: who.Bodies}
	h = serve(t, func(o *Options) {
		o.Now = func() time.Time { return dbtest.Noon }
		o.Sessions, o.Agencies, o.Requests = held{"officer": who, "stranger": stranger}, agencies, desk
	})
	return h, desk, officer, r.ID, file
}

func asPDF(b *bytes.Buffer, d *paper.Document) error {
	_, err := paper.WritePDF(b, d)
	return err
}

func asDOCX(b *bytes.Buffer, d *paper.Document) error { return paper.WriteDOCX(b, d) }

var proposed = regexp.MustCompile(`name="take" value="([^"]+)"><span><span class="choice-text" lang="zh-CN">([^<]+)`)

// Without script: proposals are proposed, a name is looked for, the copy is made and kept with the
// request, its report saying where and why but not what. Art. 37, R-DEC-06.
func TestRedactPage(t *testing.T) {
	for name, data := range map[string][]byte{"会议纪要.pdf": minutes(t, asPDF), "会议纪要.docx": minutes(t, asDOCX)} {
		t.Run(name, func(t *testing.T) {
			h, desk, officer, request, file := redactHouse(t, name, data)
			g := h.visitor("officer")
			at := "/office/requests/" + request + "/files/" + file + "/redact"
			h.visitor("stranger").get(at).is(403)
			page := g.get(at).is(200).has("11010519491231002X", "13800138000", "还没有标出任何地方")
			form := url.Values{"ground": {"deny.third"}, "words": {"钱小样"}, "do": {"find"}}
			for _, m := range proposed.FindAllStringSubmatch(page.body, -1) {
				form.Add("take", m[1])
			}
			page = g.post(at, at, form).is(200).lacks("还没有标出任何地方")
			made := url.Values{"ground": {"deny.third"}, "do": {"make"}}
			for _, m := range regexp.MustCompile(`name="mark" value="([^"]+)"`).FindAllStringSubmatch(page.body, -1) {
				made.Add("mark", m[1])
				made.Set("ground-"+m[1], "deny.third")
				made.Set("note-"+m[1], "个人隐私")
			}
			g.post(at, at, url.Values{"mark": made["mark"][:1], "ground-" + made["mark"][0]: {"deny.third"}, "do": {"make"}}).is(422)
			g.post(at, at, made).is(303)
			v, err := desk.Load(t.Context(), officer, request, false)
			if err != nil {
				t.Fatal(err)
			}
			last := v.Files[len(v.Files)-1]
			if last.Kind != foi.Redacted || !strings.Contains(last.Report, "条例第十五条") || strings.Contains(last.Report, "钱小样") {
				t.Fatalf("kept %s %q, report %q", last.Kind, last.Name, last.Report)
			}
			_, copied, err := desk.OpenFile(t.Context(), officer, request, last.ID)
			if err != nil {
				t.Fatal(err)
			}
			again, err := redact.Open(t.Context(), last.Name, copied)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range again.Passages {
				if strings.Contains(p.Text, "钱小样") || strings.Contains(p.Text, "13800138000") {
					t.Errorf("the copy says %q", p.Text)
				}
			}
		})
	}
}

// A page of a PDF is shown as a picture, and an area can be given in figures.
func TestRedactPicture(t *testing.T) {
	h, _, _, request, file := redactHouse(t, "会议纪要.pdf", minutes(t, asPDF))
	g := h.visitor("officer")
	at := "/office/requests/" + request + "/files/" + file + "/redact"
	if s := g.get(at + "/1").is(200); s.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(s.body, "\x89PNG") {
		t.Errorf("the picture is %s", s.header.Get("Content-Type"))
	}
	g.get(at + "/2").is(422)
	h.visitor("stranger").get(at + "/1").is(403)
	area := url.Values{"page": {"1"}, "left": {"10"}, "top": {"10"}, "width": {"50"}, "height": {"20"}, "ground": {"deny.internal"}, "do": {"area"}}
	g.post(at, at, area).is(200).has("页面上的方框", `class="marked"`)
	g.post(at, at, url.Values{"mark": {"a-1-100-100-900-900"}, "ground-a-1-100-100-900-900": {"deny.secret"}}).is(200).has("立即停止处理")
	g.post(at, at, url.Values{"do": {"make"}}).is(422).has("还没有标出任何要遮盖的内容")
}
