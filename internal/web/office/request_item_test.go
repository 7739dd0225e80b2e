package office

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// asked registers a request of somebody for a list and returns its key.
func asked(t *testing.T, desk *foi.Desk, by actor.Actor, name, id string) string {
	t.Helper()
	r, _, err := desk.Register(t.Context(), by, foi.Registration{Agency: by.Grants[0].Agency, Channel: foi.Counter, Received: date.Of(dbtest.Noon), Application: foi.Application{
		Applicant: foi.Applicant{Kind: foi.Natural, Name: name, IDType: foi.ChineseCard, IDNumber: id, Phone: "13800000000", Address: "示范市二号路"},
		Sought:    foi.Sought{Name: "2025年养老服务补贴发放明细", Features: "2025年养老服务补贴发放明细"}, Form: foi.Electronic, Way: foi.Online,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// When as many as the body set ask for the same, who may draft for the public can do so from the
// request: with its title and the redacted copies, without the file as it was found and without
// anything of the applicant. Art. 44.
func TestDraftOfWhatManyAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, sections := withItems(t, d)
		keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		sessions := h.o.Sessions.(held)
		both := sessions["officer"]
		both.Actor.Grants = append(both.Actor.Grants, actor.Grant{Role: actor.Editor, Agency: both.Bodies[0].ID, Section: sections[0]})
		sessions["both"] = both
		desk := &foi.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: h.o.Items.Blobs}
		h = serve(t, func(o *Options) {
			o.Sessions, o.Agencies, o.Items, o.Requests = sessions, h.o.Agencies, h.o.Items, desk
		})
		asked(t, desk, both.Actor, "甲某某", "110101199003070011")
		id := asked(t, desk, both.Actor, "乙某某", "11010519491231002X")
		at := "/office/requests/" + id
		g := h.visitor("both")
		form := url.Values{"section": {sections[0]}}
		g.get(at).is(200).lacks("起草主动公开信息")
		g.post(at, at+"/item", form).is(409)
		asked(t, desk, both.Actor, "丙某某", "110105194912310046")
		for _, f := range []foi.Upload{{Kind: foi.Found, Name: "原件.txt", Data: []byte("原件")}, {Kind: foi.Redacted, Name: "给乙某某的副本.txt", Data: []byte("副本")}} {
			if _, err := desk.AddFile(t.Context(), both.Actor, id, f); err != nil {
				t.Fatal(err)
			}
		}
		h.visitor("officer").get(at).is(200).has("已有 3 件申请").lacks("起草主动公开信息")
		h.visitor("officer").post(at, at+"/item", form).is(403)
		h.visitor("editor").post("/office/items", at+"/item", form).is(403)
		g.get(at).is(200).has("起草主动公开信息", "附上遮盖后的副本 1 个", "通知公告").lacks(">工作动态<")
		g.post(at, at+"/item", url.Values{}).is(422).has(`href="#f-item-section"`)
		g.post(at, at+"/item", url.Values{"section": {sections[1]}}).is(403)
		s := g.post(at, at+"/item", form).is(303)
		edit := s.header.Get("Location")
		if !strings.HasSuffix(edit, "/edit") {
			t.Fatalf("leads to %s", edit)
		}
		g.get(edit).is(200).has("2025年养老服务补贴发放明细", "2025年养老服务补贴发放明细.txt").lacks("某某", "原件", "给乙")
		file, err := h.o.Items.Look(t.Context(), both.Actor, editionInPath.FindStringSubmatch(edit)[1])
		if err != nil {
			t.Fatal(err)
		}
		if e := file.Edition; len(e.Attachments) != 1 || e.Content.Source != "依申请公开转为主动公开" {
			t.Errorf("%d files, source %q", len(e.Attachments), e.Content.Source)
		}
	})
}
