package foi

import (
	"strings"
	"unicode"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// Application is what the applicant wrote (申请书). Art. 29: identity and contact, what is sought
// with features by which it can be found, the form and the way of getting it. Its purpose is not
// asked for: R-REQ-04.
type Application struct {
	Applicant Applicant `json:"applicant"`
	Agent     Agent     `json:"agent,omitzero"`
	Sought    Sought    `json:"sought"`
	Form      Form      `json:"form"`
	Way       Way       `json:"way"`
	// Help is what help the applicant asked for: art. 43.
	Help string `json:"help,omitempty"`
	// Oral says that an officer wrote the request down for somebody who cannot write: art. 29 (1).
	Oral bool `json:"oral,omitempty"`
	// Signed is the day the applicant put beside the name; zero if none.
	Signed date.Date `json:"signed,omitzero"`
	// Subject is the citizen's account with the identity provider, "" without one.
	Subject string `json:"subject,omitempty"`
}

// Applicant is who asks.
type Applicant struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
	// Honorific is 先生 or 女士 if the applicant said so; Guardian acts for who cannot for himself.
	Honorific string `json:"honorific,omitempty"`
	Guardian  string `json:"guardian,omitempty"`
	Work      string `json:"work,omitempty"`
	IDType    string `json:"id_type,omitempty"` // 证件名称
	IDNumber  string `json:"id_number,omitempty"`
	// Credit and Representative are an organisation's.
	Credit         string `json:"credit,omitempty"`         // 统一社会信用代码
	Representative string `json:"representative,omitempty"` // 法定代表人
	Contact        string `json:"contact,omitempty"`        // 联系人
	Address        string `json:"address,omitempty"`
	Postcode       string `json:"postcode,omitempty"`
	Phone          string `json:"phone,omitempty"`
	Fax            string `json:"fax,omitempty"`
	Email          string `json:"email,omitempty"`
	// Verified says how the identity was made sure of: by paper, by a file, by an account.
	Verified string `json:"verified,omitempty"`
}

// Agent is who acts for the applicant, with an authority paper among the files.
type Agent struct {
	Name     string `json:"name,omitempty"`
	IDNumber string `json:"id_number,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Sought is what is asked for.
type Sought struct {
	Name     string `json:"name"`             // 名称
	DocNo    string `json:"doc_no,omitempty"` // 文号
	Features string `json:"features"`         // 其他特征性描述
	Purpose  string `json:"purpose,omitempty"`
}

// Form is the form in which information is asked for (提供形式).
type Form string

// The forms.
const (
	Paper      Form = "paper"
	Electronic Form = "electronic"
	Disc       Form = "disc"
)

// Forms lists the forms.
var Forms = []Form{Electronic, Paper, Disc}

// Way is how information and letters are to be got (获取方式).
type Way string

// The ways.
const (
	ByMail    Way = "post"  // 邮寄
	ByEMS     Way = "ems"   // 邮政快递
	ByEmail   Way = "email" // 电子邮件
	ByFax     Way = "fax"   // 传真
	InPerson  Way = "self"  // 自行领取
	OnSite    Way = "read"  // 当场阅读、抄录
	Online    Way = "web"   // 在本系统下载
	ByHand    Way = "hand"  // 直接送达, the body brings it
	Entrusted Way = "entrusted"
)

// Ways lists what an applicant may choose.
var Ways = []Way{Online, ByMail, ByEmail, InPerson, OnSite, ByFax}

// Deliveries lists how a letter may be sent. Decisions by post are carried by the postal
// enterprise alone: R-DL-14.
var Deliveries = []Way{Online, ByMail, ByEMS, ByEmail, InPerson, ByHand, Entrusted, ByFax}

// Electronic reports whether delivery is done when it is sent: R-DL-02, done_on.
func (w Way) Electronic() bool { return w == Online || w == ByEmail || w == ByFax }

// Posted reports whether delivery is done when it is posted.
func (w Way) Posted() bool { return w == ByMail || w == ByEMS }

// Limits of an application's texts, in characters: generous, and against floods.
const (
	mostName     = 200
	mostSought   = 5000
	mostShort    = 300
	ChineseCard  = "idcard" // 居民身份证
	maxAttached  = 10
	MaxFile      = 20 << 20
	maxFilesSize = 60 << 20
)

// idTypes are the papers by which people prove who they are.
var idTypes = []string{ChineseCard, "passport", "permit", "other_id"}

// Faults of applications. Art. 29.
var (
	ErrKind       = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.kind", Field: "kind", Cite: ogi.Art(29, 2, 1)}
	ErrName       = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.name", Field: "name", Cite: ogi.Art(29, 2, 1)}
	ErrNoContact  = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.contact", Field: "phone", Cite: ogi.Art(29, 2, 1)}
	ErrIDNumber   = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.id_number", Field: "id_number", Cite: ogi.Art(29, 2, 1)}
	ErrIDMissing  = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.id_missing", Field: "id_number", Cite: ogi.Art(29, 2, 1)}
	ErrCredit     = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.credit", Field: "credit"}
	ErrPhone      = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.phone", Field: "phone"}
	ErrEmail      = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.email", Field: "email"}
	ErrPostcode   = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.postcode", Field: "postcode"}
	ErrSought     = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.sought", Field: "features", Cite: ogi.Art(29, 2, 2)}
	ErrForm       = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.form", Field: "form", Cite: ogi.Art(29, 2, 3)}
	ErrWay        = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.way", Field: "way", Cite: ogi.Art(29, 2, 3)}
	ErrWayAddress = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.way_address", Field: "address"}
	ErrWayEmail   = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.way_email", Field: "email"}
	ErrWayFax     = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.way_fax", Field: "fax"}
	ErrAgent      = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.agent", Field: "agent_paper"}
	ErrLong       = &fault.Error{Kind: fault.Invalid, Code: "foi.apply.long"}
)

// Check returns every fault of an application as somebody makes it who can still mend it.
// identified says that the identity is proved by a file or an account. Requests on paper are
// registered as they are: what they lack is for a correction, art. 30.
func (a *Application) Check(identified bool) (faults []*fault.Error) {
	add := func(bad bool, f *fault.Error) {
		if bad {
			faults = append(faults, f)
		}
	}
	p := a.Applicant
	add(!contains(Kinds, p.Kind), ErrKind)
	add(strings.TrimSpace(p.Name) == "", ErrName)
	add(p.Phone == "" && p.Email == "" && p.Address == "", ErrNoContact)
	if p.Kind == Natural {
		add(p.IDNumber == "" && !identified, ErrIDMissing)
		add(p.IDType != "" && !contains(idTypes, p.IDType), ErrIDNumber.At("id_type"))
		add(p.IDType == ChineseCard && p.IDNumber != "" && !validCard(p.IDNumber), ErrIDNumber)
	} else {
		add(p.Credit != "" && !validCredit(p.Credit), ErrCredit)
	}
	add(p.Phone != "" && !phoneLike(p.Phone), ErrPhone)
	add(p.Email != "" && !mailLike(p.Email), ErrEmail)
	add(p.Postcode != "" && !postcodeLike(p.Postcode), ErrPostcode)
	add(len([]rune(strings.TrimSpace(a.Sought.Name+a.Sought.Features))) < 4, ErrSought)
	add(!contains(Forms, a.Form), ErrForm)
	add(!contains(Ways, a.Way), ErrWay)
	add((a.Way == ByMail || a.Way == ByEMS) && strings.TrimSpace(p.Address) == "", ErrWayAddress)
	add(a.Way == ByEmail && p.Email == "", ErrWayEmail)
	add(a.Way == ByFax && p.Fax == "", ErrWayFax)
	for _, t := range a.texts() {
		add(len([]rune(t.text)) > t.most, ErrLong.At(t.field).With("most", t.most))
	}
	return faults
}

// written are all texts of an application.
func (a *Application) written() []*string {
	p := &a.Applicant
	return []*string{
		&p.Name, &p.Honorific, &p.Guardian, &p.Work, &p.IDType, &p.IDNumber, &p.Credit, &p.Representative, &p.Contact, &p.Address,
		&p.Postcode, &p.Phone, &p.Fax, &p.Email, &a.Agent.Name, &a.Agent.IDNumber, &a.Agent.Phone, &a.Sought.Name, &a.Sought.DocNo,
		&a.Sought.Features, &a.Sought.Purpose, &a.Help,
	}
}

// legible leaves out of a text what nobody sees: controls, and the marks that turn the order in
// which a line is read, by which a letter could be made to say what its record does not.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\u061c', r == '\u200e', r == '\u200f', r == '\ufeff', r >= '\u2028' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

type bounded struct {
	field, text string
	most        int
}

func (a *Application) texts() []bounded {
	p := a.Applicant
	return []bounded{
		{"name", p.Name, mostName}, {"work", p.Work, mostShort}, {"address", p.Address, mostShort},
		{"contact", p.Contact, mostName}, {"representative", p.Representative, mostName}, {"id_number", p.IDNumber, 60}, {"id_type", p.IDType, 60},
		{"credit", p.Credit, 60}, {"phone", p.Phone, 60}, {"fax", p.Fax, 60}, {"email", p.Email, 254}, {"postcode", p.Postcode, 60},
		{"honorific", p.Honorific, 60}, {"guardian", p.Guardian, mostName}, {"agent_id", a.Agent.IDNumber, 60}, {"agent_phone", a.Agent.Phone, 60},
		{"agent_name", a.Agent.Name, mostName}, {"sought_name", a.Sought.Name, mostShort}, {"doc_no", a.Sought.DocNo, mostShort},
		{"features", a.Sought.Features, mostSought}, {"purpose", a.Sought.Purpose, mostSought}, {"help", a.Help, mostShort},
	}
}
