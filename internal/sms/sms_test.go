package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
	"gongkai/internal/secret"
)

// provider is a server on this machine that answers as the provider does. It works out each
// signature by itself, from the request as it arrived.
type provider struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]string // by action; "" for OK
	calls   []url.Values
	forged  []string
	nonces  map[string]bool
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{answers: map[string]string{}, nonces: map[string]bool{}}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	action := r.Header.Get("X-Acs-Action")
	if why := p.check(r); why != "" {
		p.forged = append(p.forged, why)
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"Code":"SignatureDoesNotMatch"}`)
		return
	}
	p.calls = append(p.calls, r.URL.Query())
	if a := p.answers[action]; a != "" {
		fmt.Fprint(w, a)
		return
	}
	fmt.Fprintf(w, `{"Code":"OK","Message":"OK","BizId":"ticket-%d"}`, len(p.calls))
}

// check says what is wrong with a request, "" for nothing.
func (p *provider) check(r *http.Request) string {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	fields := map[string]string{}
	for _, one := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(one, "=")
		fields[name] = value
	}
	nonce := r.Header.Get("x-acs-signature-nonce")
	if scheme != "ACS3-HMAC-SHA256" || fields["Credential"] != "key" || nonce == "" || p.nonces[nonce] {
		return "credential or nonce"
	}
	p.nonces[nonce] = true
	if r.Header.Get("x-acs-version") != "2017-05-25" || r.Header.Get("x-acs-date") == "" || r.Method != http.MethodPost {
		return "version, date or method"
	}
	var pairs []string
	for name, values := range r.URL.Query() {
		pairs = append(pairs, strings.ReplaceAll(url.QueryEscape(name), "+", "%20")+"="+strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(values[0]), "+", "%20"), "*", "%2A"))
	}
	sort.Strings(pairs)
	text := r.Method + "\n" + r.URL.Path + "\n" + strings.Join(pairs, "&") + "\n"
	for _, name := range strings.Split(fields["SignedHeaders"], ";") {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		text += name + ":" + strings.TrimSpace(value) + "\n"
	}
	text += "\n" + fields["SignedHeaders"] + "\n" + r.Header.Get("x-acs-content-sha256")
	sum := sha256.Sum256([]byte(text))
	mac := hmac.New(sha256.New, []byte("geheim"))
	mac.Write([]byte("ACS3-HMAC-SHA256\n" + hex.EncodeToString(sum[:])))
	if fields["Signature"] != hex.EncodeToString(mac.Sum(nil)) {
		return "signature"
	}
	return ""
}

type bench struct {
	*Desk
	t   *testing.T
	p   *provider
	now time.Time
	run *job.Runner
}

func setUp(t *testing.T, d *db.DB) *bench {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, p: newProvider(t), now: dbtest.Noon}
	d.Clock = func() time.Time { return b.now }
	b.Desk = &Desk{DB: d, Keys: keys, Sender: b.aliyun("geheim")}
	b.run = &job.Runner{DB: d, Handlers: b.Handlers(), Queues: map[string]int{job.Common: 1, Queue: 1}}
	return b
}

func (b *bench) aliyun(secret string) *Aliyun {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		b.t.Fatal(err)
	}
	u, err := url.Parse(b.p.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	a, err := NewAliyun("aliyun://key@"+u.Host, path, "示范 市*政府~", map[string]string{"registered": "SMS_1", "code": "SMS_2"}, func() time.Time { return b.now })
	if err != nil {
		b.t.Fatal(err)
	}
	a.base = b.p.URL
	return a
}

var said = Text{To: "+86 138-0013-8000", Template: Registered, Params: map[string]string{"number": "2026-0007"}, About: "request", AboutID: "r1"}

func (b *bench) send(t Text) {
	b.t.Helper()
	if err := b.DB.Update(b.t.Context(), func(tx *db.Tx) error { return b.Send(tx, t) }); err != nil {
		b.t.Fatal(err)
	}
	b.now = b.now.Add(time.Second)
}

func (b *bench) records() []*Record {
	b.t.Helper()
	all, err := b.List(b.t.Context(), actor.Actor{Grants: []actor.Grant{{Role: actor.SysAdmin}}}, "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

// The example of the provider's own documentation.
func TestTheSignatureIsThatOfTheDocumentation(t *testing.T) {
	a := &Aliyun{id: "YourAccessKeyId", secret: "YourAccessKeySecret"}
	got := a.authorize(map[string]string{"host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
		"x-acs-date": "2023-10-26T10:22:32Z", "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
		"x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		escape(url.Values{"RegionId": {"cn-shanghai"}, "ImageId": {"win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}}))
	want := "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestAMessageIsSentAndReported(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.send(said)
		if r := b.records()[0]; r.State != Waiting || r.Masked != "138****8000" || strings.Contains(fmt.Sprintf("%+v", *r), "13800138000") {
			t.Errorf("got %+v", *r)
		}
		if err := b.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(b.p.calls) != 1 || len(b.p.forged) != 0 {
			t.Fatalf("%d calls, %v", len(b.p.calls), b.p.forged)
		}
		q := b.p.calls[0]
		if q.Get("PhoneNumbers") != "13800138000" || q.Get("SignName") != "示范 市*政府~" || q.Get("TemplateCode") != "SMS_1" || q.Get("TemplateParam") != `{"number":"2026-0007"}` {
			t.Errorf("got %v", q)
		}
		b.p.answers["QuerySendDetails"] = `{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"SendStatus":1}]}}`
		b.now = b.now.Add(firstReport)
		if err := b.run.Drain(t.Context()); err != nil || b.records()[0].State != Sent {
			t.Fatalf("%s, %v", b.records()[0].State, err)
		}
		if q := b.p.calls[1]; q.Get("BizId") != "ticket-1" || q.Get("SendDate") != "20261123" {
			t.Errorf("got %v", q)
		}
		b.p.answers["QuerySendDetails"] = `{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"SendStatus":3,"ErrCode":"DELIVERED"}]}}`
		b.now = b.now.Add(nextReport)
		if err := b.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := b.records()[0]; r.State != Delivered || r.sealed != "" || r.Trouble != "" || len(r.params) != 0 {
			t.Errorf("got %+v", *r)
		}
	})
}

func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		b.p.answers["SendSms"] = `{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"13800138000 is no number"}`
		b.send(said)
		if err := b.run.Drain(t.Context()); err == nil || strings.Contains(err.Error(), "1380") {
			t.Errorf("got %v", err)
		}
		if r := b.records()[0]; r.State != Failed || r.Trouble != "isv.MOBILE_NUMBER_ILLEGAL" || r.sealed != "" {
			t.Errorf("got %+v", *r)
		}
		b.p.answers["SendSms"] = `{"Code":"isv.BUSINESS_LIMIT_CONTROL"}`
		b.send(said)
		if err := b.run.Drain(t.Context()); err != nil || b.records()[0].State != Waiting {
			t.Errorf("%s, %v", b.records()[0].State, err)
		}
		b.p.answers["SendSms"] = ""
		b.now = b.now.Add(time.Hour)
		if err := b.run.Drain(t.Context()); err != nil || b.records()[0].State != Sent {
			t.Errorf("%s, %v", b.records()[0].State, err)
		}
		b.p.answers["QuerySendDetails"] = `{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"SendStatus":2,"ErrCode":"MK:0001"}]}}`
		b.now = b.now.Add(time.Hour)
		if err := b.run.Drain(t.Context()); err != nil || b.records()[0].State != Failed || b.records()[0].Trouble != "MK:0001" {
			t.Errorf("%+v, %v", *b.records()[0], err)
		}
		b.Sender = b.aliyun("falsch")
		b.send(said)
		if err := b.run.Drain(t.Context()); err == nil || b.records()[0].State != Waiting || len(b.p.forged) != 1 {
			t.Errorf("%s, %v, %v", b.records()[0].State, b.p.forged, err)
		}
		b.p.Close()
		b.now = b.now.Add(time.Minute)
		if err := b.run.Drain(t.Context()); err == nil || strings.Contains(err.Error(), "1380") || strings.Contains(err.Error(), "PhoneNumbers") {
			t.Errorf("the number stands in %v", err)
		}
		b.now = b.now.Add(49 * time.Hour)
		if err := b.run.Drain(t.Context()); err != nil || b.records()[0].State != Failed || b.records()[0].Trouble != "late" {
			t.Errorf("%+v, %v", *b.records()[0], err)
		}
	})
}

func TestOneNumberIsSentOnlySoMuch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		count := func() (waiting, held int) {
			for _, r := range b.records() {
				if r.State == Held {
					held++
				} else {
					waiting++
				}
			}
			return waiting, held
		}
		for range mostHour + 2 {
			b.send(said)
		}
		if w, h := count(); w != mostHour || h != 2 {
			t.Errorf("in an hour: %d, %d", w, h)
		}
		other := said
		other.To = "13900139000"
		b.send(other)
		for range 2 {
			b.now = b.now.Add(time.Hour)
			for range mostHour {
				b.send(said)
			}
		}
		if w, h := count(); w != mostDay+1 || h != 2+mostHour {
			t.Errorf("in a day: %d, %d", w, h)
		}
	})
}

// Only what the template asks for can be sent, a code is sealed, and what cannot be sent is left out.
func TestWhatIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setUp(t, d)
		for _, bad := range []Text{
			{To: said.To, Template: Registered, Params: map[string]string{"name": "甲某"}},
			{To: said.To, Template: Registered, Params: map[string]string{"number": "1", "name": "甲某"}},
			{To: said.To, Template: Registered, Params: map[string]string{"number": strings.Repeat("1", longestParam+1)}},
			{To: said.To, Template: Registered},
		} {
			if err := d.Update(t.Context(), func(tx *db.Tx) error { return b.Send(tx, bad) }); !errors.Is(err, errParams) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		for _, none := range []Text{{To: "010-12345678", Template: Registered}, {To: said.To, Template: Fee}, {To: "", Template: Registered}} {
			b.send(none)
		}
		if n := len(b.records()); n != 0 {
			t.Fatalf("%d kept", n)
		}
		b.send(Text{To: said.To, Template: Code, Params: map[string]string{"code": "731908", "minutes": "5"}})
		if r := b.records()[0]; strings.Contains(fmt.Sprint(r.params), "731908") {
			t.Errorf("the code stands in the table: %v", r.params)
		}
		if err := b.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		var params map[string]string
		if err := json.Unmarshal([]byte(b.p.calls[0].Get("TemplateParam")), &params); err != nil || params["code"] != "731908" {
			t.Errorf("got %v, %v", params, err)
		}
		err := d.View(t.Context(), func(tx *db.Tx) error {
			all, err := About(tx, "", "")
			if err == nil && (len(all) != 1 || len(all[0].params) != 0) {
				t.Errorf("after it was sent: %+v", all[0])
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{"13800138000": "13800138000", "+86 138 0013 8000": "13800138000", "008613800138000": "13800138000", "１３８００１３８０００": "13800138000",
		"12345678901": "", "010-12345678": "", "1380013800": "", "": "", "138001380001": "", "1380013800x": ""} {
		if got, ok := Number(text); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
	if Mask("13800138000") != "138****8000" || Mask("1") != "***" {
		t.Error("the mask shows other than beginning and end")
	}
}

// The settings know the same templates.
func TestTheSettingsKnowTheTemplates(t *testing.T) {
	var all []string
	for _, one := range Templates {
		all = append(all, string(one)+"=SMS_1")
		if len(fields[one]) == 0 {
			t.Errorf("%s is filled in with nothing", one)
		}
	}
	if _, err := config.Load("", nil, map[string]string{"sms_templates": strings.Join(all, ",")}); err != nil {
		t.Error(err)
	}
	if none, err := NewAliyun("", "", "", nil, nil); none != nil || err != nil || (&Desk{}).On(Code) {
		t.Error("something is sent without a provider")
	}
}
