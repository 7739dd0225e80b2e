// Package guide makes and checks an agency's guide to its information and its catalogue
// (政府信息公开指南和目录).
//
// 条例第十二条第二款：“政府信息公开指南包括政府信息的分类、编排体系、获取方式和政府信息公开工作机构的
// 名称、办公地址、办公时间、联系电话、传真号码、互联网联系方式等内容。”第三款：“政府信息公开目录包括
// 政府信息的索引、名称、内容概述、生成日期等内容。”
package guide

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Content is what a guide says: nine fields that article 12 prescribes, and the channels of
// requests.
type Content struct {
	Name        string `json:"name"`        // of the body
	Classes     string `json:"classes"`     // 分类
	Arrangement string `json:"arrangement"` // 编排体系
	Ways        string `json:"ways"`        // 获取方式

	Office  string `json:"office"` // of the office of open information, from the body's card
	Address string `json:"address"`
	Hours   string `json:"hours"`
	Phone   string `json:"phone"`
	Fax     string `json:"fax"`
	Online  string `json:"online"`

	Channels []Channel `json:"channels"`
}

// ChannelKey names a way to hand in a request.
type ChannelKey string

// The channels.
const (
	InPerson ChannelKey = "in_person" // 当面
	Post     ChannelKey = "post"      // 邮政寄送
	OnlineBy ChannelKey = "online"    // 互联网
	FaxBy    ChannelKey = "fax"       // 传真
)

// ChannelKeys lists the channels in the order guides print them.
var ChannelKeys = []ChannelKey{InPerson, Post, OnlineBy, FaxBy}

var channelWords = map[ChannelKey]string{
	InPerson: "guide.channel.in_person", Post: "guide.channel.post", OnlineBy: "guide.channel.online", FaxBy: "guide.channel.fax",
}

// Message names the channel.
func (k ChannelKey) Message() i18n.Message { return i18n.M(channelWords[k]) }

// Always reports whether the channel can never be refused.
//
// 国办公开办函〔2017〕19号: 当面提交和邮政寄送两种申请渠道，任何行政机关不得拒绝. R-GDE-04.
func (k ChannelKey) Always() bool { return k == InPerson || k == Post }

// Channel is a way to hand in a request, whether it is open, and what to mind.
type Channel struct {
	Key  ChannelKey `json:"key"`
	Open bool       `json:"open"`
	Note string     `json:"note"`
}

// fields are the nine, in the article's order.
func (c *Content) fields() []struct {
	name, word string
	text       *string
} {
	return []struct {
		name, word string
		text       *string
	}{
		{"classes", "guide.field.classes", &c.Classes}, {"arrangement", "guide.field.arrangement", &c.Arrangement},
		{"ways", "guide.field.ways", &c.Ways}, {"office", "guide.field.office", &c.Office},
		{"address", "guide.field.address", &c.Address}, {"hours", "guide.field.hours", &c.Hours},
		{"phone", "guide.field.phone", &c.Phone}, {"fax", "guide.field.fax", &c.Fax}, {"online", "guide.field.online", &c.Online},
	}
}

// Field is one of the nine prescribed fields as pages show it.
type Field struct {
	Name  string
	Label i18n.Message
	Text  string
}

// Fields returns the nine fields in the article's order.
func (c Content) Fields() []Field {
	var all []Field
	for _, f := range c.fields() {
		all = append(all, Field{f.name, i18n.M(f.word), *f.text})
	}
	return all
}

// standard is the wording a new guide begins with.
type standard struct {
	Classes, Arrangement, Ways string
	Channels                   map[ChannelKey]string
}

//go:embed standard.json
var standardText []byte

var readStandard = sync.OnceValue(func() (s standard) {
	if err := json.Unmarshal(standardText, &s); err != nil {
		panic("guide: standard.json: " + err.Error())
	}
	return s
})

// Generate makes a guide of a body's card in standard words. What the officer wrote before is
// kept: only the card's fields and the name are taken anew, and what is empty is filled.
func Generate(old Content, name string, card agency.Contact) Content {
	c := old
	s := readStandard()
	words := strings.NewReplacer("{name}", name, "{address}", card.Address, "{office}", card.Office, "{fax}", card.Fax)
	for _, f := range []struct {
		text *string
		word string
	}{{&c.Classes, s.Classes}, {&c.Arrangement, s.Arrangement}, {&c.Ways, s.Ways}} {
		if strings.TrimSpace(*f.text) == "" {
			*f.text = words.Replace(f.word)
		}
	}
	c.take(name, card)
	if len(c.Channels) == 0 {
		for _, k := range ChannelKeys {
			open := k.Always() || k == OnlineBy && card.Online != "" || k == FaxBy && card.Fax != "" && card.Fax != "无"
			c.Channels = append(c.Channels, Channel{k, open, words.Replace(s.Channels[k])})
		}
	}
	return c
}

// take copies the body's name and card.
func (c *Content) take(name string, card agency.Contact) {
	c.Name, c.Office, c.Address, c.Hours = name, card.Office, card.Address, card.Hours
	c.Phone, c.Fax, c.Online = card.Phone, card.Fax, card.Online
}

// Guide is a body's guide as it is worked on, beside the one published.
type Guide struct {
	Agency    string
	Content   Content
	UpdatedAt time.Time
	Version   int64 // 0 while nothing was saved

	Shown *Edition // the edition published last, nil for none
	Name  string   // of the body, today
	Card  agency.Contact
}

// Edition is a guide as it was published.
type Edition struct {
	ID, Agency  string
	No          int64
	Content     Content
	PublishedAt time.Time
}

// Faults of guides.
var (
	ErrStale = &fault.Error{Kind: fault.Conflict, Code: "guide.stale"}
	ErrEmpty = &fault.Error{Kind: fault.Invalid, Code: "guide.empty", Cite: statute.OGI2019.Art(12, 2)}
	ErrShut  = &fault.Error{Kind: fault.Invalid, Code: "guide.shut", Field: "channels"}
	ErrNote  = &fault.Error{Kind: fault.Invalid, Code: "guide.note", Field: "channels"}
	ErrNone  = &fault.Error{Kind: fault.NotFound, Code: "guide.none"}
)

// valid refuses a guide that could not be published. R-GDE-01, R-GDE-04.
func (c *Content) valid() error {
	for _, f := range c.fields() {
		if strings.TrimSpace(*f.text) == "" {
			return ErrEmpty.At(f.name).With("field", i18n.M(f.word))
		}
	}
	open := map[ChannelKey]bool{}
	for _, ch := range c.Channels {
		if open[ch.Key] = ch.Open; ch.Open && strings.TrimSpace(ch.Note) == "" {
			return ErrNote.At("note_"+string(ch.Key)).With("channel", ch.Key.Message())
		}
	}
	for _, k := range ChannelKeys {
		if k.Always() && !open[k] {
			return ErrShut.At("open_"+string(k)).With("channel", k.Message())
		}
	}
	return nil
}

// Rules are the checks of a body's guide.
var Rules = []check.Rule[*Guide]{completeRule, currentRule, channelRule}

// completeRule: the nine fields are there. R-GDE-01.
var completeRule = check.Rule[*Guide]{
	Code: "R-GDE-01", Severity: check.Error, Cite: statute.OGI2019.Art(12, 2), Title: i18n.M("guide.rule.complete"),
	Find: func(g *Guide) []check.Finding {
		if g.Shown == nil {
			return g.finding(i18n.M("guide.check.unpublished"))
		}
		var lacks []i18n.Message
		for _, f := range g.Shown.Content.Fields() {
			if strings.TrimSpace(f.Text) == "" {
				lacks = append(lacks, f.Label)
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		return g.finding(i18n.M("guide.check.lacks", "fields", lacks))
	},
}

// currentRule: the guide says what the body's card says today.
//
// 条例第五十三条第（二）项: 不及时更新公开的政府信息内容、政府信息公开指南和政府信息公开目录. R-GDE-03.
var currentRule = check.Rule[*Guide]{
	Code: "R-GDE-03", Severity: check.Error, Cite: statute.OGI2019.Art(53, 0, 2), Title: i18n.M("guide.rule.current"),
	Find: func(g *Guide) []check.Finding {
		if g.Shown == nil {
			return nil
		}
		var stale []i18n.Message
		now := g.Shown.Content
		now.take(g.Name, g.Card)
		if now.Name != g.Shown.Content.Name {
			stale = append(stale, i18n.M("guide.field.name"))
		}
		was := g.Shown.Content.Fields()
		for i, f := range now.Fields() {
			if f.Text != was[i].Text {
				stale = append(stale, f.Label)
			}
		}
		if len(stale) == 0 {
			return nil
		}
		return g.finding(i18n.M("guide.check.stale", "fields", stale))
	},
}

// channelRule: in person and by post are open, and each open channel is explained. R-GDE-04.
var channelRule = check.Rule[*Guide]{
	Code: "R-GDE-04", Severity: check.Error, Cite: statute.OGI2019.Art(29), Title: i18n.M("guide.rule.channels"),
	Find: func(g *Guide) []check.Finding {
		if g.Shown == nil {
			return nil
		}
		c := g.Shown.Content
		if err, bad := c.valid().(*fault.Error); bad && (err.Is(ErrShut) || err.Is(ErrNote)) {
			return g.finding(err.Message())
		}
		return nil
	},
}

func (g *Guide) finding(m i18n.Message) []check.Finding {
	return []check.Finding{{Message: m, Places: []check.Quote{{Text: g.Name}}}}
}

// Current reports whether the published guide is whole and up to date.
func (g *Guide) Current() bool { return len(check.Run(Rules, g)) == 0 }
