package mailbox

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func in(t testing.TB, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

const asked = "申请公开2025年度示范区供水价格成本监审报告，请邮寄。"

// The encodings Chinese mail comes in: said rightly, said wrongly, not said.
func TestEncodings(t *testing.T) {
	gbk, big5 := simplifiedchinese.GBK, traditionalchinese.Big5
	tests := []struct {
		name, subject, body, wantSubject, wantText string
		remarks                                    []Remark
	}{
		{"UTF-8, base64", "=?UTF-8?B?" + b64("政府信息公开申请") + "?=", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + b64(asked), "政府信息公开申请", asked, nil},
		{"GBK under the name GB2312, with a character GB2312 lacks", "=?gb2312?B?" + b64(in(t, gbk, "镕基路道路规划")) + "?=", "Content-Type: text/plain; charset=\"gb2312\"\nContent-Transfer-Encoding: 8bit\n\n" + in(t, gbk, "堃、镕、喆"), "镕基路道路规划", "堃、镕、喆", nil},
		{"GB18030, quoted-printable", "=?gb18030?Q?=C9=EA=C7=EB?=", "Content-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: quoted-printable\n\n=C9=EA=C7=EB", "申请", "申请", nil},
		{"Big5", "=?big5?B?" + b64(in(t, big5, "資訊公開")) + "?=", "Content-Type: text/plain; charset=big5\nContent-Transfer-Encoding: 8bit\n\n" + in(t, big5, "臺灣同胞申請"), "資訊公開", "臺灣同胞申請", nil},
		{"a head of bare GBK, nothing said", in(t, gbk, "信息公开申请"), "\n" + in(t, gbk, "请公开预算"), "信息公开申请", "请公开预算", []Remark{Charset}},
		{"a character cut in two between words", "=?gbk?B?" + b64(in(t, gbk, "信息")[:3]) + "?=\n =?GBK?B?" + b64(in(t, gbk, "信息")[3:]) + "?=", "\nx", "信息", "x", nil},
		{"words and text mixed", "Re: =?utf-8?Q?=E7=AD=94=E5=A4=8D?= (2) =?utf-8?B?" + b64("完") + "?=", "\nx", "Re: 答复 (2) 完", "x", nil},
		{"an encoding nobody knows", "=?x-klingon?B?" + b64("申请") + "?=", "Content-Type: text/plain; charset=x-klingon\n\n" + asked, "申请", asked, nil},
		{"nothing that is text", "a\x00b\x1b[31m", "\n\xff\xfe\x80\x81", "ab[31m", "", []Remark{Charset}},
		{"hidden direction", "=?utf-8?B?" + b64("a\u202egpj.exe") + "?=", "\nx", "agpj.exe", "x", nil},
	}
	for _, tt := range tests {
		m := parse(crlf("From: =?utf-8?B?" + b64("甲某") + "?= <jia@example.com>\nSubject: " + tt.subject + "\nMIME-Version: 1.0\n" + tt.body))
		if m.Subject != tt.wantSubject {
			t.Errorf("%s: subject %q", tt.name, m.Subject)
		}
		if m.Text != tt.wantText && tt.wantText != "" {
			t.Errorf("%s: text %q", tt.name, m.Text)
		}
		if !slices.Equal(m.Remarks, tt.remarks) {
			t.Errorf("%s: remarks %v", tt.name, m.Remarks)
		}
		if m.From != (Address{"甲某", "jia@example.com"}) || m.Kind != Letter {
			t.Errorf("%s: %+v, %s", tt.name, m.From, m.Kind)
		}
	}
}

func TestSenders(t *testing.T) {
	gbk := in(t, simplifiedchinese.GBK, "甲某")
	for field, want := range map[string]Address{
		"jia@example.com":                                  {"", "jia@example.com"},
		"\"某, 甲\" <jia@example.com>":                       {"某, 甲", "jia@example.com"},
		"=?gb2312?B?" + b64(gbk) + "?= <jia@example.com>":  {"甲某", "jia@example.com"},
		gbk + " <jia@example.com>":                         {"甲某", "jia@example.com"},
		"\"=?gbk?B?" + b64(gbk) + "?=\" <jia@example.com>": {"甲某", "jia@example.com"},
		"<jia@example.com>, yi@example.com":                {"", "jia@example.com"},
		"":                                                 {},
		"nobody":                                           {},
		"jia@example.com <jia@example.com> (\u202e comment": {"", "jia@example.com"},
	} {
		m := parse(crlf("From: " + field + "\nSubject: x\n\nx"))
		if m.From != want {
			t.Errorf("%q: %+v", field, m.From)
		}
		if slices.Contains(m.Remarks, NoSender) != (want.Address == "") {
			t.Errorf("%q: remarks %v", field, m.Remarks)
		}
	}
}

// files is a mail with one part under each of the heads.
func files(heads ...string) []byte {
	var b strings.Builder
	b.WriteString("From: a@example.com\nMessage-ID: <1@example.com>\nIn-Reply-To: <2@example.com>\nReferences: <3@example.com> <2@example.com>\nDate: Mon, 23 Nov 2026 12:00:00 +0800\n" +
		"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n正文\n")
	for _, h := range heads {
		b.WriteString("--x\n" + h + "\nContent-Transfer-Encoding: base64\n\n" + b64("内容") + "\n")
	}
	b.WriteString("--x--\n")
	return crlf(b.String())
}

func TestAttachments(t *testing.T) {
	gbk := in(t, simplifiedchinese.GBK, "申请书.docx")
	for head, want := range map[string]string{
		"Content-Disposition: attachment; filename*=UTF-8''%E7%94%B3%E8%AF%B7.pdf":                 "申请.pdf",
		"Content-Disposition: attachment; filename*=GBK''%C9%EA%C7%EB.pdf":                         "申请.pdf",
		"Content-Disposition: attachment; filename*0*=UTF-8''%E7%94%B3; filename*1*=%E8%AF%B7.pdf": "申请.pdf",
		"Content-Disposition: attachment; filename=\"=?gb2312?B?" + b64(gbk) + "?=\"":              "申请书.docx",
		"Content-Disposition: attachment; filename=\"" + gbk + "\"":                                "申请书.docx",
		"Content-Disposition: attachment; filename=" + gbk:                                         "申请书.docx",
		"Content-Type: application/msword; name=\"=?utf-8?B?" + b64("表.doc") + "?=\"":              "表.doc",
		"Content-Disposition: attachment; filename=\"..\\..\\C:\\x.exe\"":                          "x.exe",
		"Content-Disposition: attachment; filename=\"/etc/passwd\"":                                "passwd",
		"Content-Type: application/pdf\nContent-Disposition: attachment":                           "attachment.pdf",
		"Content-Type: text/plain\nContent-Disposition: attachment; filename=\"a\u202egpj.txt\"":   "agpj.txt",
		"Content-Type: application/zip; name=bomb.zip":                                             "bomb.zip",
	} {
		m := parse(files(head))
		if len(m.Files) != 1 || m.Files[0].Name != want || string(m.Files[0].Data) != "内容" || m.Files[0].Size != 6 {
			t.Errorf("%s: %+v", head, m.Files)
		}
		if m.Text != "正文" || m.MessageID != "1@example.com" || !slices.Equal(m.Refers, []string{"2@example.com", "3@example.com", "2@example.com"}) || m.Sent.Format("2006-01-02T15:04") != "2026-11-23T04:00" {
			t.Errorf("%s: %q, %q, %v, %v", head, m.Text, m.MessageID, m.Refers, m.Sent)
		}
	}
	m := parse(files("Content-Type: application/ms-tnef; name=winmail.dat"))
	if !slices.Equal(m.Remarks, []Remark{TNEF}) || len(m.Files) != 1 {
		t.Errorf("winmail.dat: %v", m.Remarks)
	}
}

func TestAPageIsReadAsText(t *testing.T) {
	page := "<html><head><title>t</title><style>p{}</style></head><body><p>申请人：&#30002;某</p><script>alert('<p>')</script><table><tr><td>事项</td><td>供水</td></tr></table>尾<br>行</body></html>"
	m := parse(crlf("From: a@example.com\nContent-Type: text/html; charset=utf-8\n\n" + page))
	if m.Text != "申请人：甲某\n事项 供水\n尾\n行" || !slices.Equal(m.Remarks, []Remark{FromHTML}) {
		t.Errorf("%q, %v", m.Text, m.Remarks)
	}
	m = parse(crlf("From: a@example.com\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nplain\n--x\nContent-Type: text/html\n\n<b>page</b>\n--x--\n"))
	if m.Text != "plain" || m.Remarks != nil {
		t.Errorf("%q, %v", m.Text, m.Remarks)
	}
}

const dsn = `From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

I'm sorry to inform you
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; jia@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--x
Content-Type: %s

From: open@example.gov.cn
Message-ID: <%s>
Subject: x

--x--
`

func TestKinds(t *testing.T) {
	head := func(h string) string { return "From: a@example.com\nSubject: x\n" + h + "\n\nx" }
	for mail, want := range map[string]Kind{
		head("X-Mailer: Foxmail"):                        Letter,
		head("Auto-Submitted: no"):                       Letter,
		head("Auto-Submitted: auto-replied (vacation)"):  Auto,
		head("X-Autoreply: yes"):                         Auto,
		head("Precedence: bulk"):                         Bulk,
		head("List-Unsubscribe: <mailto:x@example.com>"): Bulk,
		head("X-Spam-Flag: YES"):                         Bulk,
		head("X-Spam-Status: No, score=0"):               Letter,
		"From: a@example.com\nSubject: =?utf-8?B?" + b64("自动回复: 您好") + "?=\n\nx":                 Auto,
		"From: a@example.com\nSubject: =?utf-8?B?" + b64("关于自动回复系统的申请") + "?=\n\nx":              Letter,
		"From: postmaster@qq.example.com\nSubject: =?utf-8?B?" + b64("退信") + "?=\n\nx":           Bounce,
		fmt.Sprintf(dsn, "text/rfc822-headers", "1@example.gov.cn"):                              Bounce,
		head("Content-Type: multipart/report; report-type=disposition-notification; boundary=x"): Auto,
	} {
		if m := parse(crlf(mail)); m.Kind != want {
			t.Errorf("%.200q: %s, want %s", mail, m.Kind, want)
		}
	}
	for _, media := range []string{"text/rfc822-headers", "message/rfc822"} {
		m := parse(crlf(fmt.Sprintf(dsn, media, "1@example.gov.cn")))
		if m.failure == nil || !m.failure.failed || m.failure.code != "5.1.1" || !slices.Equal(m.failure.lost, []string{"1@example.gov.cn"}) {
			t.Errorf("%s: %+v", media, m.failure)
		}
	}
}

// Whatever is sent ends in a message within the bounds.
func TestBounds(t *testing.T) {
	deep := "From: a@example.com\n"
	for i := range 40 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	wide := "From: a@example.com\nContent-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\nContent-Disposition: attachment; filename=a\n\nx\n", 5000)
	for name, raw := range map[string]string{
		"deep": deep + "Content-Type: text/plain\n\nx", "wide": wide, "long": "From: a@example.com\n\n" + strings.Repeat("长", mostText+1),
		"head": "From: a@example.com\nSubject: " + strings.Repeat("x", mostLine+1) + "\n\nx",
	} {
		m := parse(crlf(raw))
		if !slices.Contains(m.Remarks, Cut) || len(m.Files) > mostFiles || len([]rune(m.Text)) > mostText || len([]rune(m.Subject)) > mostLine {
			t.Errorf("%s: remarks %v, %d files", name, m.Remarks, len(m.Files))
		}
	}
	for name, raw := range map[string]string{"huge head": "X: " + strings.Repeat("x\n ", mostHead) + "\n\nx", "no head": "::::\n\x00", "no boundary": "From: a@example.com\nContent-Type: multipart/mixed\n\nx",
		"bad base64": "From: a@example.com\nContent-Transfer-Encoding: base64\n\n!!!!"} {
		if m := parse([]byte(raw)); !slices.Contains(m.Remarks, Broken) {
			t.Errorf("%s: remarks %v", name, m.Remarks)
		}
	}
	if m := parse(nil); m.State != New {
		t.Errorf("nothing: %+v", m)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(files("Content-Disposition: attachment; filename*=GBK''%C9%EA"))
	f.Add(crlf(fmt.Sprintf(dsn, "message/rfc822", "1@example.gov.cn")))
	f.Add([]byte("From: =?gbk?q?=C9?=\nContent-Type: text/html\n\n<p"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := parse(raw)
		if len(m.Files) > mostFiles || len([]rune(m.Text)) > mostText || len([]rune(m.Subject)) > mostLine {
			t.Errorf("%d files, %d bytes of text", len(m.Files), len(m.Text))
		}
	})
}
