package app

import (
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

func init() {
	letters[actor.Handler], letters[actor.Legal], letters[actor.Head] = "H", "L", "D"
	probes = append(probes, requestProbes...)
	for _, one := range requestActProbes {
		probes = append(probes, probe{"GET /office/requests/{id}/do/{act}?act=" + one.act, record, one.id, "", one.may, false},
			probe{"POST /office/requests/{id}/do/{act}?act=" + one.act, record, one.id, "version=999&reason=理由&basis=依据&on=2026-11-20&days=5&item=1&kind=found", one.may, false})
	}
}

// Who sees a body's requests; a handler those that are his alone.
const (
	seers    = "SOLD"
	ownSeers = seers + "H"
)

// requestProbes are the pages of requests for information. Request "request" is the handler's,
// the others are not.
var requestProbes = []probe{
	{"GET /office/requests", working, "", "", ownSeers + "V", false},
	{"GET /office/requests?view=all&q=%E5%AF%86%E6%A0%87", working, "", "", ownSeers + "V", false},
	{"POST /office/requests", working, "", "kind=natural&name=某某&contact=13900000000", "O", false},
	{"GET /office/requests/clocks", working, "", "", seers + "V", false},
	{"GET /office/requests/new", working, "", "", "O", false},
	{"POST /office/requests/new", working, "", "channel=counter&kind=natural", "O", false},
	{"GET /office/requests/settings", working, "", "", "O", false},
	{"POST /office/requests/settings", working, "", "version=999", "O", false},
	{"GET /office/requests/{id}", record, "request", "", ownSeers, false},
	{"GET /office/requests/{id}", record, "request-other", "", seers, false},
	{"GET /office/requests/{id}", record, "request-new", "", seers, false},
	{"GET /office/requests/{id}?view=clock", record, "request-review", "", seers, false},
	{"GET /office/requests/{id}?view=papers", record, "request", "", ownSeers, false},
	{"GET /office/requests/{id}?view=steps", record, "request-closed", "", seers, false},
	{"POST /office/requests/{id}/reveal", record, "request", "x=1", "ODH", false},
	{"POST /office/requests/{id}/reveal", record, "request-other", "x=1", "OD", false},
	// it takes item.create besides, which no role has that sees requests: TestDraftOfWhatManyAsked
	{"POST /office/requests/{id}/item", record, "request", "section={other}", "", false},
	{"GET /office/requests/{id}/decide", record, "request", "", "O", false},
	{"GET /office/requests/{id}/decide?outcome=open.public", record, "request", "", "O", false},
	{"POST /office/requests/{id}/decide", record, "request", "outcome=open.public&version=999&where=某处&opinion=同意", "O", false},
	{"GET /office/requests/{id}/review", record, "request-review", "", seers, false},
	{"POST /office/requests/{id}/review", record, "request-review", "kind=legal&ok=no&note=退回&version=999", "L", false},
	{"POST /office/requests/{id}/review", record, "request-review", "kind=secrecy&ok=no&note=退回&version=999", "S", false},
	{"POST /office/requests/{id}/review", record, "request-review", "kind=lead&ok=no&note=退回&version=999", "D", false},
	{"GET /office/requests/{id}/letters/{letter}", record, "request", "", ownSeers, false},
	{"POST /office/requests/{id}/letters/{letter}", record, "request", "do=save&version=999", "OH", false},
	{"POST /office/requests/{id}/letters/{letter}", record, "request", "do=refresh&version=999", "OH", false},
	{"POST /office/requests/{id}/letters/{letter}", record, "request", "do=finish&version=999", "O", false},
	{"POST /office/requests/{id}/letters/{letter}", record, "request", "do=send&way=web&on=2026-11-20&version=999", "O", false},
	{"POST /office/requests/{id}/letters/{letter}", record, "request", "do=arrived&on=2026-11-20&version=999", "O", false},
	{"POST /office/requests/{id}/letters/{letter}", record, "request", "do=void&reason=理由&version=999", "O", false},
	{"GET /office/requests/{id}/letters/{letter}/{format}", record, "request", "", ownSeers, false},
	// {code} is the register, which shows the applicant in full
	{"GET /office/requests/{id}/forms/{code}", record, "request", "", "ODH", false},
	{"GET /office/requests/{id}/forms/{code}/{format}", record, "request-other", "", "OD", false},
	{"GET /office/requests/{id}/files/{doc}", record, "request", "", ownSeers, false},
	// {file} is no file of the request: nobody reaches it by a request he may see
	{"GET /office/requests/{id}/files/{file}/redact", record, "request", "", "", false},
	{"GET /office/requests/{id}/files/{file}/redact/{page}", record, "request", "", "", false},
	{"POST /office/requests/{id}/files/{file}/redact", record, "request", "", "", false},
}

// requestActProbes are the acts, each on a request of the body.
var requestActProbes = []struct{ act, id, may string }{
	{"confirm", "request-new", "O"}, {"discard", "request-new", "O"}, {"retitle", "request", "O"}, {"assign", "request", "O"}, {"cohandle", "request", "O"},
	{"coanswer", "request", "OH"}, {"search", "request", "OH"}, {"search", "request-other", "O"}, {"correction", "request", "O"}, {"corrected", "request", "O"}, {"reasons", "request", "O"}, {"given", "request", "O"},
	{"consult", "request", "O"}, {"received", "request", "O"}, {"opinion", "request", "O"}, {"override", "request", "O"}, {"extend", "request", "O"}, {"extension", "request", "D"}, {"later", "request", "O"},
	{"charge", "request", "O"}, {"pay", "request", "O"}, {"waive", "request", "D"}, {"takeback", "request-review", "O"}, {"file", "request", "OH"}, {"file", "request-other", "O"}, {"letter", "request", "OH"},
	{"withdraw", "request", "O"}, {"transfer", "request", "O"}, {"merge", "request", "O"}, {"divide", "request", "O"}, {"reopen", "request", "OD"},
	{"propose_log", "request-closed", "OD"}, {"agree_log", "request-closed", "D"}, {"refuse_log", "request-closed", "D"}, {"take_down_log", "request-closed", "OD"},
}

// requests takes in a body's requests: one that is the handler's, with a draft letter and a file,
// and others that are nobody's.
func (w *world) requests(key string, who func(actor.Role) actor.Actor) {
	ctx, b, by, desk := w.t.Context(), w.bodies[key], who(actor.Officer), w.n.Requests
	one := must[*foi.Request](w.t)
	on := date.Must(2026, 11, 20)
	ask := func(name string) foi.Application {
		return foi.Application{Applicant: foi.Applicant{Kind: foi.Natural, Name: "某某", Phone: "13900000000", IDType: foi.ChineseCard, IDNumber: "110101199003070011"},
			Sought: foi.Sought{Name: b.mark + name, Features: b.mark + name + "的有关材料"}, Form: foi.Paper, Way: foi.ByMail}
	}
	usual := foi.Usual()
	usual.Authorities, usual.Courts = []string{"示范市人民政府"}, []string{"示范市某区人民法院"}
	if err := desk.SaveSettings(ctx, by, b.id, usual); err != nil {
		w.t.Fatal(err)
	}
	must[*agency.Contact](w.t)(w.n.Agencies.SetContact(ctx, by, agency.Contact{Agency: b.id, Office: "办公室", Address: "示范路1号", Hours: "工作日9时至17时", Phone: "0000-1234567", Fax: "0000-1234568", Online: "https://www.example.gov.cn"}))
	register := func(id string) {
		r, _, err := desk.Register(ctx, by, foi.Registration{Agency: b.id, Channel: foi.Counter, Received: on, Application: ask(id)})
		b.ids[id] = one(r, err).ID
	}
	for _, id := range []string{"request", "request-other", "request-review", "request-closed"} {
		register(id)
	}
	r, _, err := desk.Submit(ctx, foi.Submission{Agency: b.id, Channel: foi.Email, Application: ask("request-new")})
	b.ids["request-new"] = one(r, err).ID
	id, handler := b.ids["request"], who(actor.Handler)
	one(desk.Assign(ctx, by, id, 0, foi.Assignment{Department: "承办科", Handlers: []string{handler.ID}, Names: []string{handler.Name}}))
	r, _, err = desk.CoHandle(ctx, by, id, 0, foi.CoHandling{Department: b.mark + "处", Question: b.mark + "问题"})
	one(r, err)
	one(desk.DraftLetter(ctx, by, id, 0, letter.Code("L01")))
	v := must[*foi.View](w.t)(desk.Load(ctx, by, id, false))
	b.ids["letter"], b.ids["format"], b.ids["code"] = v.Letters[0].ID, "docx", string(letter.Register)
	b.ids["doc"] = must[string](w.t)(desk.AddFile(ctx, handler, id, foi.Upload{Kind: foi.Found, Name: b.mark + ".txt", Data: []byte(b.mark)}))
	one(desk.Propose(ctx, by, b.ids["request-review"], 0, foi.Decision{Outcome: outcome.Public, Opinion: b.mark, Answers: []letter.Answer{{Published: letter.Published{Title: b.mark, Where: "本机关网站"}}}}))
	one(desk.Withdraw(ctx, by, b.ids["request-closed"], 0, b.mark))
}
