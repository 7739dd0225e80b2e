package app

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
)

// reach is what an address is about.
type reach int

const (
	record  reach = iota // a record of a body, named in the address or the form
	working              // the body the person works for: it cannot be named
	whole                // the installation
	oneself              // the person who asks, or what no body keeps to itself
	anybody              // open to who is not signed in
)

// probe is one way to call an address, and who may.
type probe struct {
	route string
	reach reach
	id    string // which of the body's records fills {id}
	form  string // what is posted; {name} stands for a record
	may   string // letters of those who may, for a record or body of their own
	// soft says that a refusal is told on the page the answer leads to, not by its status:
	// what is done to many at a time.
	soft bool
}

// letters are the roles in probes. W is the supervisor of the body above, where a record is named.
var letters = map[actor.Role]string{
	actor.Editor: "E", actor.Reviewer1: "1", actor.Reviewer2: "2", actor.Reviewer3: "3", actor.Secrecy: "S", actor.Publisher: "P",
	actor.Officer: "O", actor.Supervisor: "V", actor.SysAdmin: "Y", actor.SecAdmin: "C", actor.Auditor: "U",
}

const (
	staff    = "E123SPOHLD"        // who works for a body
	everyone = staff + "V" + "YCU" // whoever is signed in
)

// probes are every address of the office. An address that is not here fails the test.
var probes = []probe{
	// the start
	{"GET /office/{$}", working, "", "", everyone, false},
	{"GET /office/tasks", working, "", "", everyone, false},
	{"GET /office/help", working, "", "", everyone, false},
	{"POST /office/body", record, "", "body={body}", staff + "V", false},
	{"GET /office", anybody, "", "", everyone, false},

	// coming and going: tests of their own
	{"/", anybody, "", "", "", false},
	{"GET /office/sign-in", anybody, "", "", "", false},
	{"POST /office/sign-in", anybody, "", "", "", false},
	{"GET /office/sign-in/step", anybody, "", "", "", false},
	{"POST /office/sign-in/step", anybody, "", "", "", false},
	{"POST /office/sign-in/passkey/begin", anybody, "", "", "", false},
	{"POST /office/sign-in/passkey/finish", anybody, "", "", "", false},
	{"POST /office/sign-out", anybody, "", "", "", false},
	{"GET /office/setup", anybody, "", "", "", false},
	{"POST /office/setup", anybody, "", "", "", false},

	// people
	{"GET /office/people", whole, "", "", "YCU", false},
	{"GET /office/people/new", whole, "", "", "Y", false},
	{"POST /office/people/new", whole, "", "login=neu&name=某人&agency={body}", "Y", false},
	{"GET /office/people/{id}", record, "person", "", "EYCU", false},
	{"GET /office/people/{id}/edit", record, "nobody", "", "Y", false},
	{"POST /office/people/{id}/edit", record, "nobody", "login=x.y&name=某人&version=999", "Y", false},
	{"POST /office/people/{id}/act", record, "nobody", "do=grant&role=publisher&body={body}&reason=理由", "C", false},
	{"POST /office/people/{id}/act", record, "nobody", "do=lock&version=999&reason=理由", "C", false},
	{"POST /office/people/{id}/act", record, "nobody", "do=unlock&version=999&reason=理由", "C", false},
	{"POST /office/people/{id}/act", record, "nobody", "do=reset&version=999&reason=理由", "C", false},
	{"POST /office/people/{id}/act", record, "nobody", "do=revoke&grant_id={grant}:999&reason=理由", "C", false},
	{"GET /office/security", whole, "", "", "C", false},
	{"POST /office/security", whole, "", "version=999&failures=5", "C", false},
	{"GET /office/me", oneself, "", "", everyone, false},
	{"POST /office/me/password", anybody, "", "old=falsch&password=x&again=y", "", false},
	{"POST /office/me/totp", anybody, "", "old=falsch", "", false},
	{"POST /office/me/totp/confirm", anybody, "", "code=000000", "", false},
	{"POST /office/me/totp/remove", anybody, "", "old=falsch", "", false},
	{"POST /office/me/recovery", anybody, "", "old=falsch", "", false},
	{"POST /office/me/passkey/begin", anybody, "", "x=1", "", false},
	{"POST /office/me/passkey/finish", anybody, "", "x=1", "", false},
	{"POST /office/me/passkey/remove", anybody, "", "key=x&old=falsch", "", false},
	{"POST /office/me/session", record, "", "session={session}", "1C", false},
	{"POST /office/me/delegate", record, "", "deputy={nobody}&until=2026-12-01&grants={grant}&reason=理由", "P", true},
	{"POST /office/me/token", anybody, "", "name=x&scope=x&days=1", "", false},
	{"POST /office/me/token/end", anybody, "", "id=x", "", false},
	{"POST /office/me/delegation", record, "", "delegation={delegation}:999", "PC", false},

	// information
	{"GET /office/items", working, "", "", staff, false},
	{"GET /office/items?format=csv", working, "", "", staff, false},
	{"GET /office/items?format=xlsx", working, "", "", staff, false},
	{"GET /office/items?q=%E5%AF%86%E6%A0%87&agency={body}&body={body}", working, "", "", staff, false},
	{"GET /office/items?section={other}&view=review", working, "", "", staff, false},
	{"POST /office/items", record, "", "do=submit&id={draft}&sure=1", "E", true},
	{"POST /office/items", record, "", "do=publish&id={approved}&sure=1", "P", true},
	{"POST /office/items", record, "", "do=archive&id={public}&sure=1&reason=理由", "PO", true},
	{"GET /office/items/new", working, "", "", "E", false},
	{"GET /office/items/new?section={other}&agency={body}", working, "", "", "E", false},
	{"POST /office/items/new", record, "", "title=新&section={other}&kind=information&origin=made", "E", true},
	{"GET /office/items/asked", working, "", "", "P", false},
	{"POST /office/items/asked", record, "", "item={public-item}&section={other}&state=refused&reason=理由", "P", false},
	{"GET /office/items/{id}", record, "draft-item", "", staff, false},
	{"GET /office/items/{id}", record, "withheld-item", "", staff, false},
	{"GET /office/items/{id}", record, "public-item", "", staff, false},
	{"GET /office/editions/{id}", record, "draft", "", staff, false},
	{"GET /office/editions/{id}", record, "review", "", staff, false},
	{"GET /office/editions/{id}", record, "secrecy", "", staff, false},
	{"GET /office/editions/{id}", record, "approved", "", staff, false},
	{"GET /office/editions/{id}", record, "withheld", "", staff, false},
	{"GET /office/editions/{id}", record, "correction", "", staff, false},
	{"POST /office/editions/{id}", record, "draft", "do=submit&version=999", "E", false},
	{"POST /office/editions/{id}", record, "review", "do=recall&version=999&reason=理由", "E", false},
	{"POST /office/editions/{id}", record, "draft", "do=discard&version=999&reason=理由", "E", false},
	{"POST /office/editions/{id}", record, "review", "do=urgent&version=999&reason=理由", "3", false},
	{"POST /office/editions/{id}", record, "approved", "do=publish&version=999", "P", false},
	{"POST /office/editions/{id}", record, "approved", "do=schedule&version=999&publish_at=2026-12-01T09:00", "P", false},
	{"POST /office/editions/{id}", record, "approved", "do=unschedule&version=999", "P", false},
	{"POST /office/editions/{id}", record, "public", "do=retract&version=999&reason=理由", "PO", false},
	{"POST /office/editions/{id}", record, "public", "do=archive&version=999&reason=理由", "PO", false},
	{"POST /office/editions/{id}", record, "withheld", "do=reassess&version=999&reason=理由", "O", false},
	{"POST /office/editions/{id}", record, "withheld", "do=disclose&version=999&reason=理由", "O", false},
	{"POST /office/editions/{id}", record, "public", "do=supersede&version=999&note=说明", "P", false},
	{"POST /office/editions/{id}", record, "approved", "do=place&section={other}", "P", false},
	{"GET /office/editions/{id}/edit", record, "draft", "", staff, false},
	{"POST /office/editions/{id}/edit", record, "draft", "title=窜改&body=x&version=999", "E", false},
	{"POST /office/editions/{id}/autosave", record, "draft", "title=窜改&body=x&version=999", "E", false},
	{"POST /office/editions/{id}/files", record, "draft", "alt=x", "E", false},
	{"GET /office/editions/{id}/files/{file}", record, "draft", "", staff, false},
	{"GET /office/editions/{id}/files/{file}", record, "draft", "", staff, false},
	{"POST /office/editions/{id}/files/{file}", record, "draft", "alt=窜改", "E", false},
	{"POST /office/editions/{id}/files/{file}", record, "draft", "do=detach", "E", false},
	{"POST /office/editions/{id}/fix", record, "draft", "finding=x&version=999", staff, false},
	{"POST /office/editions/{id}/override", record, "draft", "finding=x&hash=y&reason=理由", "S", false},
	{"GET /office/editions/{id}/review", record, "review", "", "2S", true},
	{"POST /office/editions/{id}/review", record, "review", "level=review1&decision=return&hash=x&opinion=退回", "1", false},
	{"POST /office/editions/{id}/review", record, "review", "level=review2&decision=return&hash=x&opinion=退回", "2", false},
	{"POST /office/editions/{id}/review", record, "secrecy", "level=secrecy&decision=return&hash=x&opinion=退回", "S", false},
	{"GET /office/editions/{id}/compare", record, "draft", "", staff, false},
	{"GET /office/editions/{id}/sheet", record, "review", "", staff, false},
	{"GET /office/editions/{id}/sheet?format=html", record, "review", "", staff, false},

	// rules and normative documents
	{"GET /office/normative", working, "", "", staff, false},
	{"GET /office/normative?format=csv", working, "", "", staff, false},
	{"GET /office/normative/watch", working, "", "", staff, false},
	{"GET /office/normative/new", oneself, "", "", everyone, false},
	{"POST /office/normative/new", working, "", "title=新&kind=document", "EO", false},
	{"GET /office/normative/register", oneself, "", "", everyone, false},
	{"POST /office/normative/register", working, "", "title=新&kind=document&state=in_force", "EO", false},
	{"GET /office/normative/clean", working, "", "", staff, false},
	{"POST /office/normative/clean", working, "", "title=清理&on=2026-11-01", "O", false},
	{"GET /office/normative/clean/{id}", record, "cleaning", "", staff, false},
	{"GET /office/normative/clean/{id}?file=xlsx", record, "cleaning", "", staff, false},
	{"POST /office/normative/clean/{id}", record, "cleaning", "do=continue&id={normative}&sure=1", "O", false},
	{"POST /office/normative/clean/{id}/settle", record, "cleaning", "on=2026-11-20&decision=决定&version=999", "O", false},
	{"GET /office/normative/{id}", record, "normative", "", staff, false},
	{"POST /office/normative/{id}", record, "normative", "do=step&step=consult&from=2026-11-01&to=2026-11-10&version=999", "EO", false},
	{"POST /office/normative/{id}", record, "normative", "do=number&doc_no=x&issued_on=2026-11-01&version=999", "3O", false},
	{"POST /office/normative/{id}", record, "normative", "do=publish&published_on=2026-11-01&version=999", "3O", false},
	{"POST /office/normative/{id}", record, "normative", "do=interpret&item={public-item}&on=2026-11-01&version=999", "EO", true},
	{"POST /office/normative/{id}", record, "normative", "do=file&no=x&on=2026-11-01&version=999", "EO", false},
	{"POST /office/normative/{id}", record, "normative", "do=change&act=amend&on=2026-11-01&version=999", "3O", false},
	{"POST /office/normative/{id}", record, "normative", "do=end&act=repeal&on=2026-11-01&version=999", "3O", false},
	{"POST /office/normative/{id}", record, "normative", "do=drop&reason=理由&version=999", "3O", false},

	// licences and penalties, table two
	{"GET /office/credit", working, "", "", staff, false},
	{"GET /office/credit?format=csv", working, "", "", staff, false},
	{"GET /office/credit/watch", working, "", "", staff, false},
	{"GET /office/credit/import", oneself, "", "", everyone, false},
	{"POST /office/credit/import", working, "", "kind=licence", "", true},
	{"POST /office/credit", record, "", "do=publish&id={credit}", "P", true},
	{"POST /office/credit", record, "", "do=withhold&id={credit}&sure=1&reason=理由", "P", true},
	{"GET /office/credit/{id}", record, "credit", "", staff, false},
	{"POST /office/credit/{id}", record, "credit", "do=overturn&on=2026-11-20&reason=理由&version=999", "PO", false},
	{"POST /office/credit/{id}", record, "credit", "do=withdraw&reason=理由&version=999", "PO", false},
	{"POST /office/credit/{id}", record, "credit", "do=reveal", "PO", false},
	{"POST /office/credit/{id}", record, "credit", "do=publish", "P", false},
	{"GET /office/table2", working, "", "", "O", false},
	{"POST /office/table2", working, "", "name=x&amount=1&year=2026", "O", false},
	{"GET /office/table2/{key}?year=2026", working, "", "", "O", false},

	// the shelf of annual reports
	{"GET /office/annual", working, "", "", staff + "V", false},
	{"GET /office/annual/below", working, "", "", "V", false},
	{"GET /office/annual/{id}", record, "reading", "", staff + "VW", false},
	{"POST /office/annual/{id}", record, "reading", "do=settle&year=2024&version=999", "O", false},
	{"POST /office/annual/{id}", record, "reading", "do=choose&source=text&version=999", "", true},
	{"POST /office/annual/{id}", record, "reading", "do=close&as=foreign&reason=理由&version=999", "O", false},
	{"POST /office/annual/{id}", record, "reading", "do=again&version=999", "O", false},
	{"POST /office/annual/{id}/file", record, "reading", "version=999", "", true},

	// annual reports in the making
	{"GET /office/reports", working, "", "", staff + "V", false},
	{"POST /office/reports", working, "", "year=2024", "O", false},
	{"GET /office/reports/board?year=2025", working, "", "", "V", false},
	{"POST /office/reports/board?year=2025", working, "", "do=remind&id=x", "V", false},
	{"POST /office/reports/board?year=2025", working, "", "do=lock", "V", false},
	{"POST /office/reports/board?year=2025", working, "", "do=key&agency={body}&key=x", "V", false},
	{"POST /office/reports/board/file", working, "", "x=1", "V", false},
	{"GET /office/reports/{id}", record, "report", "", staff, false},
	{"GET /office/reports/{id}?view=tables", record, "report", "", staff, false},
	{"GET /office/reports/{id}?view=text", record, "report", "", staff, false},
	{"GET /office/reports/{id}?view=enter", record, "report", "", staff, false},
	{"GET /office/reports/{id}?view=merged", record, "report", "", staff, false},
	{"GET /office/reports/{id}/cells/{key}", record, "report", "", staff, false},
	{"GET /office/reports/{id}/files/{kind}", record, "report", "", staff, false},
	{"POST /office/reports/{id}", record, "report", "do=compile&version=999", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=check&version=999", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=hand_in&version=999", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=approve&version=999&hash=x", "2", false},
	{"POST /office/reports/{id}", record, "report", "do=sign&version=999&hash=x", "3", false},
	{"POST /office/reports/{id}", record, "report", "do=reopen&version=999&text=理由", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=publish&version=999", "E", false},
	{"POST /office/reports/{id}", record, "report", "do=submit&version=999", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=correct&version=999&text=理由", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=accept&version=999", "", false},
	{"POST /office/reports/{id}", record, "report", "do=return&version=999&text=理由", "", false},
	{"POST /office/reports/{id}", record, "report", "do=merge&version=999", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=write&version=999&s5=x", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=explain&version=999&finding=x&text=理由", "O", false},
	{"POST /office/reports/{id}", record, "report", "do=enter&version=999&T3.new.natural=1&reason=理由", "O", false},
	{"POST /office/reports/{id}/receipt", record, "report", "version=999&key=x", "", true},

	// guide, catalogue, numbering
	{"GET /office/guide", working, "", "", staff, false},
	{"POST /office/guide", working, "", "classes=x&arrangement=x&ways=x&version=999", "O", false},
	{"GET /office/catalogue", working, "", "", staff, false},
	{"GET /office/catalogue?file=xlsx", working, "", "", staff, false},
	{"GET /office/numbering", working, "", "", staff, false},
	{"POST /office/numbering", working, "", "template={uscc}/{yyyy}-{seq:5}&dated=written&version=999", "O", false},

	// sections
	{"GET /office/sections", working, "", "", staff + "V", false},
	{"GET /office/sections?format=csv", working, "", "", staff + "V", false},
	{"POST /office/sections/establish", working, "", "x=1", "O", false},
	{"GET /office/sections/new", working, "", "", "O", false},
	{"GET /office/sections/new?parent={section}", working, "", "", "O", false},
	{"POST /office/sections/new", record, "", "name=下级栏目&slug=xiaji&kind=news&parent={own}", "O", true},
	{"POST /office/sections/new", working, "", "name=新栏目&slug=xinlanmu&kind=news", "O", false},
	{"GET /office/sections/import", working, "", "", "O", false},
	{"POST /office/sections/import", working, "", "parent={section}", "O", true},
	{"POST /office/sections/import/done", record, "", `parent={section}&catalogue={"Title":"x"}`, "O", true},
	{"GET /office/sections/export?parent={section}", record, "", "", staff + "V", true},
	{"GET /office/sections/{id}", record, "other", "", staff + "VWYC", false},
	{"GET /office/sections/{id}/edit", record, "own", "", "O", false},
	{"POST /office/sections/{id}/edit", record, "own", "name=窜改&slug=x&kind=news&version=999", "O", false},
	{"POST /office/sections/{id}/move", record, "own", "version=999", "O", false},
	{"POST /office/sections/{id}/retire", record, "own", "version=999&reason=理由", "O", false},
	{"POST /office/sections/{id}/review", record, "own", "x=1", "EO", false},
	{"POST /office/sections/{id}/events", record, "other", "what=事件&on=2026-11-20", "EO", false},
	{"POST /office/sections/{id}/close", record, "other", "id={event}&sure=1&reason=理由", "EO", false},
	{"GET /office/board", working, "", "", staff + "V", false},
	{"GET /office/board?format=csv", working, "", "", staff + "V", false},
	{"GET /office/board/mine", oneself, "", "", everyone, false},
	{"GET /office/board/bodies", oneself, "", "", "V", false},
	{"GET /office/board/bodies/{id}", record, "body", "", staff + "VW", false},
	{"POST /office/board/remind?body={body}", record, "", "id={other}", "OVW", false},

	{"GET /office/statistics", working, "", "", staff + "V", false},
	{"GET /office/statistics?body={body}", record, "", "", staff + "VW", false},
	{"GET /office/statistics?body={body}&format=csv", record, "", "", "OVW", false},
	{"GET /office/subscriptions", working, "", "", staff + "V", false},
	{"GET /office/webhooks", oneself, "", "", "OY", false},
	{"GET /office/webhooks/new", working, "", "", "OY", false},
	{"POST /office/webhooks/new", oneself, "", "name=x", "OY", true},
	{"GET /office/webhooks/{id}", record, "webhook", "", "OY", false},
	{"POST /office/webhooks/{id}", record, "webhook", "do=try", "OY", false},
	{"POST /office/webhooks/{id}", record, "webhook", "do=rotate&sure=1&version=999", "OY", false},
	{"POST /office/webhooks/{id}", record, "webhook", "do=remove&sure=1&version=999", "OY", false},
	{"GET /office/webhooks/{id}/edit", record, "webhook", "", "OY", false},
	{"POST /office/webhooks/{id}/edit", record, "webhook", "name=x&url=https://example.gov.cn/&types=item.published&version=999", "OY", false},
	{"GET /office/mail", working, "", "", "O", false},
	{"GET /office/mail/{id}", record, "mail", "", "O", false},
	{"GET /office/mail/{id}/files/{mailfile}", record, "mail", "", "O", false},
	{"POST /office/mail/{id}", record, "mail", "do=discard&reason=x&version=999", "O", false},
	{"POST /office/mail/{id}", record, "mail", "do=restore&version=999", "O", false},
	{"POST /office/mail/{id}", record, "mail", "do=admit&version=999", "O", false},
	{"POST /office/mail/{id}", record, "mail", "do=assign&record=1&version=999", "O", false},
	{"GET /office/statistics/bodies", oneself, "", "", staff + "V", false},

	// bodies
	{"GET /office/bodies", oneself, "", "", everyone, false},
	{"GET /office/bodies/new", whole, "", "", "Y", false},
	{"POST /office/bodies/new", whole, "", "name=新局&kind=department&level=city", "Y", false},
	{"GET /office/bodies/import", whole, "", "", "Y", false},
	{"POST /office/bodies/import", whole, "", "x=1", "", true},
	{"GET /office/bodies/{id}", oneself, "body", "", everyone, false},
	{"GET /office/bodies/{id}/edit", record, "body", "", "Y", false},
	{"POST /office/bodies/{id}/edit", record, "body", "name=窜改&kind=department&level=city&version=999", "Y", false},
	{"GET /office/bodies/{id}/contact", record, "body", "", "OY", false},
	{"POST /office/bodies/{id}/contact", record, "body", "office=x&address=x&hours=x&phone=x&fax=x&online=x&version=999", "OY", false},
	{"GET /office/bodies/{id}/end", record, "body", "", "Y", false},
	{"POST /office/bodies/{id}/end", record, "body", "ending=abolished&on=2026-11-20&basis=x&version=999", "Y", false},

	// the installation
	{"GET /office/jobs", whole, "", "", "Y", false},
	{"POST /office/jobs", whole, "", "do=cancel&id={job}", "Y", false},
	{"GET /office/jobs/{id}", whole, "job", "", "Y", false},
	{"GET /office/words", whole, "", "", "Y", false},
	{"GET /office/words/new", whole, "", "", "Y", false},
	{"POST /office/words/new", whole, "", "name=neu", "Y", false},
	{"GET /office/words/{name}", whole, "", "", "Y", false},
	{"POST /office/words/{name}", whole, "", "text=甲&version=999", "Y", true},
	{"GET /office/sites", oneself, "", "", "OY", false},
	{"GET /office/sites/{id}", record, "body", "", "OY", false},
	{"POST /office/sites/{id}", record, "body", "name=窜改&theme=azure&version=999", "OY", true},
	{"GET /office/synonyms", whole, "", "", "Y", false},
	{"POST /office/synonyms", whole, "", "text=甲&version=999", "Y", true},
	{"GET /office/synonyms/export", whole, "", "", "Y", false},
	{"GET /office/holidays", whole, "", "", "Y", false},
	{"POST /office/holidays", whole, "", "year=2027&notice=x", "Y", false},
	{"GET /office/system", whole, "", "", "Y", false},
	{"GET /office/audit", whole, "", "", "U", false},
	{"GET /office/audit?format=csv", whole, "", "", "U", false},
	{"GET /office/audit/{seq}", whole, "", "", "U", false},
	{"POST /office/audit/verify", whole, "", "x=1", "U", false},
}

// An auditor sees what was done and to what, and so the titles of drafts, R-SEC-01; nothing
// else of them. Nobody else sees a mark of a body that they hold no role in.
func maySeeTitles(p *person, route string) bool {
	return p.role == actor.Auditor && strings.HasPrefix(route, "GET /office/audit")
}

// cut takes method and address out of a route, its query included.
func cut(route string) (pattern, method, path string) {
	pattern, _, _ = strings.Cut(route, "?")
	method, path, found := strings.Cut(route, " ")
	if !found {
		method, path = "GET", route
	}
	return pattern, method, path
}

// filled puts a body's records where a text names them.
func (b *body) filled(s, id string) string {
	s = strings.NewReplacer("{id}", b.ids[id], "{$}", "", "{key}", b.ids["figure"], "{kind}", "txt", "{seq}", "3").Replace(s)
	if _, act, named := strings.Cut(s, "?act="); named {
		s = strings.ReplaceAll(s, "{act}", act)
	}
	for name, value := range b.ids {
		s = strings.ReplaceAll(s, "{"+name+"}", value)
	}
	return s
}

// call tries a probe on the records of a body.
func (w *world) call(p *person, one probe, b *body) answer {
	_, method, path := cut(one.route)
	path = b.filled(path, one.id)
	var form url.Values
	if method == "POST" {
		form = url.Values{}
		for pair := range strings.SplitSeq(b.filled(one.form, one.id), "&") {
			name, value, _ := strings.Cut(pair, "=")
			form.Add(name, value)
		}
	}
	return w.as(p, method, path, form, nil)
}

// bodies are those whose records a person tries a probe on: where no record is named, what the
// answer may hold of the other body is all there is to try.
func (one probe) bodies(p *person) []string {
	switch {
	case one.reach == record:
		return []string{"a", "b"}
	case p.home == "a":
		return []string{"b"}
	}
	return []string{"a"}
}

// mayDo says whether a person may do what a probe does to the records of a body.
func (one probe) mayDo(p *person, key string) bool {
	letter := letters[p.role]
	if p.home == "city" && one.reach == record {
		letter = "W"
	}
	switch {
	case !strings.Contains(one.may, letter):
		return false
	case one.reach == record && p.home != "" && letter != "W":
		return p.home == key
	}
	return true
}

// TestEveryAddress calls every address of the office as everybody, with the records of one's
// own body and of another: nobody sees or changes another body's unpublished material. On
// PostgreSQL those call who may, so that each page's statements run there too.
func TestEveryAddress(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.testKnown(t)
		each := func(what string, do func(t *testing.T, one probe)) {
			for _, one := range probes {
				if one.reach != anybody {
					t.Run(what+" "+one.route+" "+one.form, func(t *testing.T) { do(t, one) })
				}
			}
		}
		if w.n.DB.Engine == db.SQLite { // what refuses stands before any statement
			// Nothing that is refused changes anything: the tables are compared once around all of it,
			// and around each address only when they differ.
			before := w.digest()
			each("refused", w.testRefused)
			if got := changed(before, w.digest()); len(got) > 0 {
				t.Errorf("those who may not changed %v", got)
				each("changed", func(t *testing.T, one probe) {
					before := w.digest()
					w.testRefused(t, one)
					if got := changed(before, w.digest()); len(got) > 0 {
						t.Errorf("those who may not changed %v", got)
					}
				})
			}
		}
		each("allowed", w.testAllowed)
	})
}

// testKnown holds the table against the addresses there are.
func (w *world) testKnown(t *testing.T) {
	var known []string
	for _, one := range probes {
		pattern, _, _ := cut(one.route)
		known = append(known, pattern)
		if !slices.Contains(w.routes, pattern) {
			t.Errorf("the office has no address %s", pattern)
		}
	}
	for _, route := range w.routes {
		if !slices.Contains(known, route) {
			t.Errorf("nobody has said who may call %s: add it to probes", route)
		}
	}
}

// testRefused has everybody who may not call an address call it.
func (w *world) testRefused(t *testing.T, one probe) {
	for _, p := range w.people {
		for _, key := range one.bodies(p) {
			if !one.mayDo(p, key) {
				w.refused(t, one, p, key)
			}
		}
	}
}

// testAllowed has everybody who may call an address call it.
func (w *world) testAllowed(t *testing.T, one probe) {
	for _, p := range w.people {
		for _, key := range one.bodies(p) {
			if one.mayDo(p, key) {
				w.allowed(t, one, p, key)
			}
		}
	}
}

func (w *world) refused(t *testing.T, one probe, p *person, key string) {
	t.Helper()
	got := w.call(p, one, w.bodies[key])
	if !one.soft && got.status != 403 && got.status != 404 && !(one.route == "POST /office/body" && got.status == 422) {
		t.Errorf("%s at %s: status %d", p.login, key, got.status)
	}
	w.silent(t, one, p, got)
}

// silent fails if an answer tells of material of a body the person has no role in.
func (w *world) silent(t *testing.T, one probe, p *person, got answer) {
	t.Helper()
	if maySeeTitles(p, one.route) {
		return
	}
	for key, b := range w.bodies {
		if p.home != key && strings.Contains(got.body+got.flash, b.mark) || p.role == actor.Supervisor && strings.Contains(got.body, "密标") && !strings.Contains(one.route, "q=") {
			t.Errorf("%s: status %d tells of %s", p.login, got.status, key)
		}
	}
}

func (w *world) allowed(t *testing.T, one probe, p *person, key string) {
	t.Helper()
	got := w.call(p, one, w.bodies[key])
	if got.status == 403 || got.status == 404 || got.status >= 500 {
		t.Errorf("%s may, at %s, and is answered %d: %s", p.login, key, got.status, reason(got.body))
	}
	w.silent(t, one, p, got)
}

// reason finds what an error page says.
func reason(page string) string {
	_, main, _ := strings.Cut(page, "<main")
	main = strings.Join(strings.Fields(tags.ReplaceAllString("<main"+main, " ")), " ")
	return string([]rune(main)[:min(120, len([]rune(main)))])
}
