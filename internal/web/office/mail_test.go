package office

import (
	"net/http"
	"time"

	"gongkai/internal/mailbox"
)

// mailScenes are the pages of mail that arrived.
var mailScenes = []scene{
	{"mail", "list", func(o *Office, r *http.Request) any {
		return o.mailPage(r, ReadList(r, nil, ""), mailbox.Status{Read: mailAt, Waiting: 2}, []*mailbox.Message{
			mailSample(mailbox.Letter, mailbox.New), mailSample(mailbox.Bounce, mailbox.Assigned), mailSample(mailbox.Bulk, mailbox.Discarded)})
	}},
	{"mail-letter", "mail", func(o *Office, r *http.Request) any { return o.mailScene(r, mailSample(mailbox.Letter, mailbox.New)) }},
	{"mail-bounce", "mail", func(o *Office, r *http.Request) any {
		return o.mailScene(r, mailSample(mailbox.Bounce, mailbox.Assigned))
	}},
	{"mail-discarded", "mail", func(o *Office, r *http.Request) any {
		return o.mailScene(r, mailSample(mailbox.Bulk, mailbox.Discarded))
	}},
}

var mailAt = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)

// mailScene is a message with all that can be done, whoever looks.
func (o *Office) mailScene(r *http.Request, m *mailbox.Message) *mailView {
	p := o.mailOf(r, m)
	p.Forms = mailForms(p.Page, "#", m)
	return p
}

func mailSample(k mailbox.Kind, s mailbox.State) *mailbox.Message {
	m := &mailbox.Message{ID: "m-" + string(k), Kind: k, State: s, Arrived: mailAt, Version: 1, From: mailbox.Address{Name: "示例来信人", Address: "jia@example.com"},
		Subject: "申请公开2025年度城市低保资金分配方案", Text: "虚构市民政局：\n\n请公开2025年度城市低保资金在各区的分配方案，以电子邮件答复。\n\n示例来信人"}
	switch {
	case k == mailbox.Letter:
		m.Remarks = []mailbox.Remark{mailbox.Unfit}
		m.Files = []mailbox.File{{ID: "f", Name: "身份证明.pdf", Size: 230 << 10}, {ID: "g", Name: "申请书（补充说明与附表）.docx", Size: 1 << 20}}
	case k == mailbox.Bounce:
		m.Subject, m.AboutID, m.Text = "Undelivered Mail Returned to Sender", "r/l", "550 5.1.1"
	case s == mailbox.Discarded:
		m.Subject, m.Text, m.Reason = "", "", "广告"
	}
	return m
}
