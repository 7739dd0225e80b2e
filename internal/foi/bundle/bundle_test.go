package bundle

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/paper"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// bureau is a body with a desk and the people a reply takes.
type bureau struct {
	*foi.Desk
	t                                 *testing.T
	id                                string
	officer, second, head, sec, legal actor.Actor
}

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func person(id, agency string, r actor.Role) actor.Actor {
	return actor.Actor{ID: id, Name: "职员" + id, Grants: []actor.Grant{{Role: r, Agency: agency}}}
}

func newBureau(t *testing.T, d *db.DB) *bureau {
	t.Helper()
	clock(d, "2026-03-02")
	k, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	must(t, k, err)
	files, err := blob.Open(d, t.TempDir())
	must(t, files, err)
	r := &agency.Registry{DB: d}
	a, err := r.Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{Name: "虚构市民政局", ShortName: "虚构市民政局", Kind: agency.Department, Level: agency.City}})
	must(t, a, err)
	b := &bureau{Desk: &foi.Desk{DB: d, Keys: k, Calendar: workday.Embedded, Blobs: files, Address: "https://www.example.gov.cn/request.html"}, t: t, id: a.ID,
		officer: person("officer", a.ID, actor.Officer), second: person("second", a.ID, actor.Officer), head: person("head", a.ID, actor.Head), sec: person("sec", a.ID, actor.Secrecy), legal: person("legal", a.ID, actor.Legal)}
	_, err = r.SetContact(t.Context(), b.officer, agency.Contact{Agency: a.ID, Office: "办公室", Address: "虚构市一号路1号", Hours: "工作日9时至17时", Phone: "0000-1234567", Postcode: "100000", Online: "https://mz.example.gov.cn", Email: "mz@example.gov.cn", Fax: "0000-7654321"})
	must(t, 0, err)
	s := foi.Usual()
	s.Authorities, s.Courts = []string{"虚构市人民政府"}, []string{"虚构市某区人民法院"}
	must(t, 0, b.SaveSettings(t.Context(), b.officer, a.ID, s))
	return b
}

func clock(d *db.DB, s string) {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	d.Clock = func() time.Time { return at.Add(4 * time.Hour) }
}

func on(s string) date.Date {
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// closed is a request that was corrected, consulted about, searched for and answered.
func (b *bureau) closed(files ...foi.Upload) *foi.Request {
	t, ctx := b.t, b.t.Context()
	t.Helper()
	r, _, err := b.Register(ctx, b.officer, foi.Registration{Agency: b.id, Channel: foi.Counter, Received: on("2026-03-02"), Files: files, Application: foi.Application{
		Applicant: foi.Applicant{Kind: foi.Natural, Name: "甲某某", IDType: foi.ChineseCard, IDNumber: "110101199003070011", Phone: "13800000000", Address: "虚构市二号路2号"},
		Sought:    foi.Sought{Name: "2025年度城市低保资金分配方案", Features: "虚构市民政局2025年度城市低保资金在各区的分配方案"}, Form: foi.Electronic, Way: foi.ByMail,
	}})
	must(t, r, err)
	step := func(next *foi.Request, err error) { t.Helper(); r = must(t, next, err) }
	step(b.AskCorrection(ctx, b.officer, r.ID, 0, foi.Correction{What: "请写明哪一年度", Guidance: "写明年度和区名", Days: 10}))
	b.send(r.ID, "L02", foi.Sending{Way: foi.InPerson, On: on("2026-03-02"), Signer: "甲某某"})
	step(b.Correct(ctx, b.officer, r.ID, 0, on("2026-03-02"), "2025年度各区", nil))
	step(b.RecordSearch(ctx, b.officer, r.ID, 0, foi.SearchRecord{Systems: "公文系统", Archives: "2025年档案室第3柜", Words: "低保 资金 分配", People: "职员officer", From: on("2026-03-02"), To: on("2026-03-02"), Result: "没有找到"}))
	step(b.Propose(ctx, b.officer, r.ID, 0, foi.Decision{Outcome: outcome.NotHeld, Variant: "absent", Opinion: "经检索没有", Answers: []letter.Answer{{
		Outcome: string(outcome.NotHeld), Variant: "absent", Finding: "经检索，本机关没有制作或者获取您申请的信息。", Reason: "经检索，本机关没有制作或者获取您申请的信息。",
		Search: letter.Search{Systems: []string{"公文系统"}, Archives: []string{"2025年档案室第3柜"}, Keywords: []string{"低保"}, Persons: []string{"职员officer"}, From: on("2026-03-02"), To: on("2026-03-02"), Result: "没有找到"}}}}))
	who := map[foi.ReviewKind]actor.Actor{foi.LegalReview: b.legal, foi.SecrecyReview: b.sec, foi.Leadership: b.head}
	for {
		v, err := b.Load(ctx, b.officer, r.ID, false)
		must(t, v, err)
		if len(v.Reviews) == 0 {
			break
		}
		step(b.Review(ctx, who[v.Reviews[0]], r.ID, 0, v.Reviews[0], true, ""))
	}
	b.send(r.ID, "L21", foi.Sending{Way: foi.ByEMS, On: on("2026-03-02"), Tracking: "XA00000000044"})
	v, err := b.Load(ctx, b.officer, r.ID, false)
	must(t, v, err)
	if v.Request.State != foi.Closed {
		t.Fatalf("state %s", v.Request.State)
	}
	return v.Request
}

func (b *bureau) send(id string, code letter.Code, s foi.Sending) {
	b.t.Helper()
	v, err := b.Load(b.t.Context(), b.officer, id, false)
	must(b.t, v, err)
	for _, l := range v.Letters {
		if l.Code == code && l.State == foi.Drafted {
			_, err := b.FinishLetter(b.t.Context(), b.officer, id, l.ID, 0, "")
			must(b.t, 0, err)
			_, err = b.SendLetter(b.t.Context(), b.officer, id, l.ID, 0, s)
			must(b.t, 0, err)
			return
		}
	}
	b.t.Fatalf("no draft of %s among %d letters", code, len(v.Letters))
}

func (b *bureau) dossier(id string) *foi.Dossier {
	b.t.Helper()
	o, err := b.Dossier(b.t.Context(), b.officer, id)
	return must(b.t, o, err)
}

// photo is a picture that lies, red on the left.
func photo() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 400, 200))
	for y := range 200 {
		for x := range 400 {
			c := color.RGBA{0, 0, 200, 255}
			if x < 100 {
				c = color.RGBA{200, 0, 0, 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// report is a PDF of several pages.
func report(t testing.TB, paragraphs int) []byte {
	t.Helper()
	d := &paper.Document{Title: "送达回执说明"}
	for range paragraphs {
		d.Body = append(d.Body, paper.Paragraph("这一段说明邮件的投递经过，由邮政企业提供，用于核对送达的日期和签收人。"))
	}
	data, err := pdf(d)
	return must(t, data, err)
}
