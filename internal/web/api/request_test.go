package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
)

// staff is a body whose requests other systems keep, and one beside it.
type staff struct {
	*town
	other   string
	secrets map[string]string
	persons map[string]actor.Actor
	doc     any
	keys    int
}

// Who holds which token: review and reveal say what it was made for beyond the usual.
var holders = []struct {
	name           string
	role           actor.Role
	scope          token.Scope
	review, reveal bool
}{
	{"officer", actor.Officer, token.Requests, false, false}, {"revealing", actor.Officer, token.Requests, false, true},
	{"handler", actor.Handler, token.Requests, false, false}, {"idle", actor.Handler, token.Requests, false, true},
	{"legal", actor.Legal, token.Requests, false, false}, {"lawyer", actor.Legal, token.Requests, true, false},
	{"head", actor.Head, token.Requests, false, false}, {"chief", actor.Head, token.Requests, true, true},
	{"secrecy", actor.Secrecy, token.Requests, true, false}, {"intake", actor.Officer, token.Intake, false, false},
	{"drafts", actor.Editor, token.Drafts, false, false}, {"stranger", actor.Officer, token.Requests, false, true},
}

func recruit(t *testing.T, d *db.DB) *staff {
	x := &staff{town: enter(t, d), secrets: map[string]string{}, persons: map[string]actor.Actor{}}
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1),
		Facts: agency.Facts{Name: "示例县财政局", Kind: agency.Department, Level: agency.County}})
	x.must(err)
	x.other = a.ID
	for _, h := range holders {
		body := x.body
		if h.name == "stranger" {
			body = x.other
		}
		made, err := x.people.Create(t.Context(), actor.System("test"), account.Person{Login: h.name, Name: "示例" + h.name, Agency: body})
		x.must(err)
		_, err = x.people.Grant(t.Context(), actor.System("test"), made.Account.ID, account.Grant{Role: h.role, Agency: body, Since: date.Must(2026, 11, 23), Reason: "工作需要"})
		x.must(err)
		by := actor.Actor{ID: made.Account.ID, Name: made.Account.Name, Grants: []actor.Grant{{Role: h.role, Agency: body}}}
		x.persons[h.name] = by
		_, x.secrets[h.name], err = x.Tokens.Create(t.Context(), by, token.New{Name: h.name, Agency: body, Scope: h.scope, Review: h.review, Reveal: h.reveal, Days: 30})
		x.must(err)
	}
	_, err = (&agency.Registry{DB: d}).SetContact(t.Context(), x.persons["officer"], agency.Contact{Agency: x.body, Office: "办公室", Address: "虚构县一号路1号", Hours: "工作日9时至17时",
		Phone: "0000-1234567", Postcode: "100000", Online: "https://www.example.gov.cn", Email: "gk@example.gov.cn", Fax: "0000-7654321"})
	x.must(err)
	s := foi.Usual()
	s.Online, s.Authorities, s.Courts, s.ReviewOnline = true, []string{"虚构市人民政府"}, []string{"虚构市某区人民法院"}, "https://fy.example.gov.cn"
	x.must(x.Requests.SaveSettings(t.Context(), x.persons["officer"], x.body, s))
	x.doc, err = jsonschema.UnmarshalJSON(bytes.NewReader(described(t, i18n.English)))
	x.must(err)
	return x
}

func operationOf(id string) operation {
	return operations[slices.IndexFunc(operations, func(o operation) bool { return o.ID == id })]
}

// request asks an operation as somebody, with parts of its path by turns.
func (x *staff) request(who, id, body string, query string, parts map[string]string, head ...string) *httptest.ResponseRecorder {
	x.t.Helper()
	o := operationOf(id)
	path := Root + o.Path
	for name, with := range parts {
		path = strings.ReplaceAll(path, "{"+name+"}", with)
	}
	x.keys++
	head = append([]string{"Authorization", "Bearer " + x.secrets[who], "Content-Type", "application/json", "Idempotency-Key", fmt.Sprint("k", x.keys)}, head...)
	return x.ask(o.Method, path+query, strings.NewReader(body), head...)
}

// do asks an operation, holds its answer to the description, and reads it.
func (x *staff) do(who, id, body string, parts map[string]string, into any, head ...string) *httptest.ResponseRecorder {
	x.t.Helper()
	w := x.request(who, id, body, "", parts, head...)
	if w.Code >= 300 {
		x.t.Fatalf("%s by %s: %d %s", id, who, w.Code, w.Body)
	}
	x.conforms(id, w)
	if into != nil {
		x.must(json.Unmarshal(w.Body.Bytes(), into))
	}
	return w
}

func (x *staff) conforms(id string, w *httptest.ResponseRecorder) {
	x.t.Helper()
	o := operationOf(id)
	answer, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	x.must(err)
	c := jsonschema.NewCompiler()
	x.must(c.AddResource("mem:doc", x.doc))
	status := o.Status
	if status == 0 {
		status = 200
	}
	at := fmt.Sprintf("mem:doc#/paths/%s/%s/responses/%d/content/application~1json/schema",
		strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(o.Path), strings.ToLower(o.Method), status)
	s, err := c.Compile(at)
	x.must(err)
	if err := s.Validate(answer); err != nil {
		x.t.Errorf("%s: %v", id, err)
	}
}

const mine = `{"channel":"counter","received_on":"2026-11-20","application":` + exampleApplication + `}`

// registered registers a request and assigns it to the one handler.
func (x *staff) registered() (RequestDone, map[string]string) {
	x.t.Helper()
	var d RequestDone
	x.do("officer", "registerRequest", mine, nil, &d)
	parts := map[string]string{"id": d.Request.ID, "item": "1", "file": "none", "letter": d.Request.Letters[0].ID}
	x.do("officer", "assignRequest", `{"handlers":["handler"]}`, parts, &d, "If-Match", `"1"`)
	return d, parts
}

// Who may ask what: every operation by every holder of a token, on a request of the first body that
// one handler has. What is refused is refused before anything else is looked at.
func TestWhoMayAskWhatAboutRequests(t *testing.T) {
	see := "officer revealing handler legal lawyer head chief secrecy"
	act, work, full := "officer revealing", "officer revealing handler", "revealing chief"
	want := map[string]string{
		"getRequest": see, "getClock": see, "listRequestFiles": see, "listLetters": see,
		"listRequests": see + " idle stranger", "findRequests": see + " idle stranger",
		"revealRequest": full, "getRequestFile": full, "getLetter": full, "getLetterPDF": full, "getLetterDOCX": full,
		"getBoards": "officer revealing legal lawyer head chief secrecy stranger", "getCell": "officer revealing legal lawyer head chief secrecy stranger",
		"getCounts": see + " idle stranger", "getCalendar": see + " idle stranger",
		"registerRequest": act + " stranger", "confirmRequest": act, "discardRequest": act, "titleRequest": act, "assignRequest": act, "askDepartment": act,
		"answerDepartment": work, "recordSearch": work, "addRequestFile": work, "draftLetter": work, "editLetter": work, "refreshLetter": work,
		"askCorrection": act, "receiveCorrection": act, "askReasons": act, "receiveReasons": act, "agreeLater": act, "consult": act, "consultationReceived": act,
		"consultationAnswered": act, "overrideConsultation": act, "proposeExtension": act, "charge": act, "feePaid": act, "proposeDecision": act, "takeBackDecision": act,
		"finishLetter": act, "sendLetter": act, "letterArrived": act, "voidLetter": act, "withdrawRequest": act, "lapseRequest": act, "transferRequest": act,
		"mergeRequest": act, "divideRequest": act, "approveExtension": "chief", "feeWaived": "chief", "reviewDecision": "lawyer",
		"reopenRequest": act + " head chief",
		"submitRequest": "intake", "followRequest": "intake", "followLetter": "intake", "actAsApplicant": "intake",
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := recruit(t, d)
		_, parts := x.registered()
		// What is for requests drafts nothing.
		if w := x.request("officer", "createDraft", goodDraft, "", nil); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "token.other") {
			t.Errorf("a draft: %d %s", w.Code, w.Body)
		}
		asked := 0
		for _, o := range requestOperations() {
			allowed, known := want[o.ID]
			if !known {
				t.Errorf("nobody said who may %s", o.ID)
			}
			asked++
			for _, h := range holders {
				w := x.request(h.name, o.ID, o.Example, "?year=2026&cell=T3.new.natural", parts, "If-Match", `"999"`)
				if may := slices.Contains(strings.Fields(allowed), h.name); may == (w.Code == http.StatusForbidden) || w.Code == http.StatusUnauthorized || w.Code >= 500 {
					t.Errorf("%s by %s: %d %s", o.ID, h.name, w.Code, w.Body)
				}
			}
			x.secrets["nobody"] = "gongkai_none"
			if w := x.request("nobody", o.ID, o.Example, "", parts); w.Code != http.StatusUnauthorized {
				t.Errorf("%s by nobody: %d", o.ID, w.Code)
			}
		}
		if asked != len(want) {
			t.Errorf("%d operations of %d", asked, len(want))
		}
		if w := x.ask("OPTIONS", Root+"/requests", nil); w.Header().Get("Access-Control-Allow-Origin") != "" || w.Header().Get("Access-Control-Allow-Methods") != "" {
			t.Errorf("other sites are let in: %v", w.Header())
		}
	})
}

// A request is taken by other systems from its registration to its reply, and then counted. Each
// act is done once under its key and on the version that was seen; the applicant stays masked.
func TestARequestThroughTheInterface(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := recruit(t, d)
		var first, again RequestDone
		x.do("officer", "registerRequest", mine, nil, &first, "Idempotency-Key", "oa-1")
		w := x.do("officer", "registerRequest", mine, nil, &again, "Idempotency-Key", "oa-1")
		if w.Header().Get("Idempotency-Replayed") != "true" || again.Request.ID != first.Request.ID || again.Code != first.Code || len(first.Code) != 19 {
			t.Fatalf("sent again: %s, %s", w.Body, first.Code)
		}
		parts := map[string]string{"id": first.Request.ID}
		for _, c := range []struct {
			body, match string
			status      int
			code        string
		}{
			{`{"title":"甲"}`, "", 428, "api.version"}, {`{"title":"甲","version":7}`, "", 409, "foi.stale"}, {`{"title":"甲"}`, `"7"`, 412, "api.match"},
			{`{"title":"甲","version":1,"more":1}`, "", 422, "api.json"}, {`{"title":"","version":1}`, "", 422, "foi.title"},
		} {
			head := []string{}
			if c.match != "" {
				head = []string{"If-Match", c.match}
			}
			w := x.request("officer", "titleRequest", c.body, "", parts, head...)
			var p Problem
			x.must(json.Unmarshal(w.Body.Bytes(), &p))
			if w.Code != c.status || p.Code != c.code || p.Status != c.status || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d %+v", c.body, c.match, w.Code, p)
			}
		}
		whole := x.do("officer", "getRequest", "", parts, nil)
		if s := whole.Body.String(); strings.Contains(s, "13800000000") || strings.Contains(s, "示例某某") || strings.Contains(s, "110101199003070011") || strings.Contains(s, first.Code) || whole.Header().Get("ETag") != `"1"` || whole.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v %s", whole.Header(), s)
		}
		if s := x.do("revealing", "revealRequest", "{}", parts, nil).Body.String(); !strings.Contains(s, "13800000000") {
			t.Errorf("revealed: %s", s)
		}
		x.isClock(x.do("officer", "getClock", "", parts, nil).Body.Bytes())
		var step RequestDone
		x.do("officer", "recordSearch", operationOf("recordSearch").Example, parts, &step, "If-Match", whole.Header().Get("ETag"))
		x.do("officer", "addRequestFile", operationOf("addRequestFile").Example, parts, &step)
		file := step.File
		x.do("officer", "proposeDecision", fmt.Sprintf(`{"version":%d,"outcome":"open","answers":[{"provided":[{"title":"分配方案"}]}],"files":[%q]}`, step.Request.Version, file), parts, &step)
		for _, k := range step.Request.Outstanding {
			who := map[foi.ReviewKind]string{foi.LegalReview: "lawyer", foi.SecrecyReview: "secrecy", foi.Leadership: "chief"}[k]
			x.do(who, "reviewDecision", fmt.Sprintf(`{"version":%d,"kind":%q,"ok":true}`, step.Request.Version, k), parts, &step)
		}
		var letters RequestLetters
		x.do("officer", "listLetters", "", parts, &letters)
		reply := letters.Letters[len(letters.Letters)-1]
		parts["letter"], parts["file"] = reply.ID, file
		x.do("officer", "finishLetter", `{"version":1}`, parts, nil)
		if w := x.request("revealing", "getLetterPDF", "", "", parts); w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("%PDF")) {
			t.Errorf("the letter: %d", w.Code)
		}
		x.do("revealing", "getLetter", "", parts, nil)
		if w := x.request("revealing", "getRequestFile", "", "", parts); w.Code != 200 || w.Body.String() != "%PDF-1.7" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("the file: %d %s", w.Code, w.Body)
		}
		x.do("officer", "sendLetter", `{"version":2,"way":"ems","on":"2026-11-23","tracking":"EX000000001CN"}`, parts, &step)
		if step.Request.State != foi.Closed || step.Request.Outcome != "open" || step.Request.Late {
			t.Errorf("sent: %+v", step.Request.RequestRow)
		}
		var cell RequestCell
		w = x.request("officer", "getCell", "", "?year=2026&cell=T3.done.open.natural", nil)
		x.conforms("getCell", w)
		x.must(json.Unmarshal(w.Body.Bytes(), &cell))
		if cell.N != 1 || len(cell.Requests) != 1 || cell.Requests[0].ID != first.Request.ID {
			t.Errorf("the cell: %s", w.Body)
		}
		var list RequestList
		x.do("officer", "findRequests", operationOf("findRequests").Example, nil, &list)
		if list.Total != 1 {
			t.Errorf("of the applicant: %d", list.Total)
		}
	})
}

// isClock holds a count to the schema that the command line's follows.
func (x *staff) isClock(b []byte) {
	x.t.Helper()
	text, err := os.ReadFile("../../../docs/clock.schema.json")
	x.must(err)
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	x.must(err)
	c := jsonschema.NewCompiler()
	x.must(c.AddResource("mem:clock", schema))
	s, err := c.Compile("mem:clock")
	x.must(err)
	answer, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	x.must(err)
	if err := s.Validate(answer); err != nil {
		x.t.Errorf("the clock: %v", err)
	}
}

// A government service platform hands a request in and follows it by its code, which opens nothing
// at another body's token.
func TestRequestsHandedInByAnotherSystem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := recruit(t, d)
		var got RequestSubmitted
		x.do("intake", "submitRequest", operationOf("submitRequest").Example, nil, &got)
		if got.Request.State != foi.Submitted || len(got.Code) != 19 || got.Request.No != "" {
			t.Fatalf("%+v", got)
		}
		code := fmt.Sprintf(`{"query_code":%q}`, got.Code)
		var seen RequestFollowed
		x.do("intake", "followRequest", code, nil, &seen)
		if seen.Title != got.Request.Title || !slices.Equal(seen.May, []foi.Act{foi.Withdraw}) {
			t.Errorf("%+v", seen)
		}
		if w := x.request("intake", "followRequest", `{"query_code":"AAAA-AAAA-AAAA-AAAA"}`, "", nil); w.Code != 404 {
			t.Errorf("a code of none: %d", w.Code)
		}
		_, elsewhere, err := x.Tokens.Create(t.Context(), x.persons["stranger"], token.New{Name: "他处", Agency: x.other, Scope: token.Intake, Days: 5})
		x.must(err)
		x.secrets["elsewhere"] = elsewhere
		for _, id := range []string{"followRequest", "actAsApplicant"} {
			body := code
			if id == "actAsApplicant" {
				body = strings.Replace(code, "}", `,"act":"withdraw"}`, 1)
			}
			if w := x.request("elsewhere", id, body, "", nil); w.Code != 404 {
				t.Errorf("%s at another body: %d %s", id, w.Code, w.Body)
			}
		}
		x.do("intake", "actAsApplicant", strings.Replace(code, "}", `,"act":"withdraw","text":"不再需要"}`, 1), nil, &seen)
		if seen.State != foi.Void {
			t.Errorf("withdrawn: %+v", seen)
		}
		bare := strings.NewReplacer(`"identified":true`, `"identified":false`, `"id_number":"110101199003070011",`, "").Replace(operationOf("submitRequest").Example)
		if w := x.request("intake", "submitRequest", bare, "", nil); w.Code != 422 {
			t.Errorf("of nobody known: %d %s", w.Code, w.Body)
		}
	})
}
