package class

import (
	"errors"
	"testing"

	"gongkai/internal/i18n"
)

func TestTopics(t *testing.T) {
	if n := len(Topics()); n != 22 {
		t.Fatalf("%d top classes, want 22", n)
	}
	codes, unverified := map[string]bool{}, 0
	for _, top := range Topics() {
		for _, e := range append([]Topic{top}, top.Children...) {
			if codes[e.Code] || e.Code == "" || e.ZH == "" || e.EN == "" {
				t.Errorf("%+v: a code stands twice or a name is missing", e.Entry)
			}
			codes[e.Code] = true
			if e.Unverified {
				unverified++
			}
		}
	}
	// Counted on the [M] marks of specification §8.3.
	if unverified != 15 {
		t.Errorf("%d unverified, want 15", unverified)
	}
}

func TestReadTopic(t *testing.T) {
	tests := []struct{ text, want string }{
		{`综合政务\政务公开`, `综合政务\政务公开`},
		{"综合政务/政务公开", `综合政务\政务公开`},
		{"综合政务", "综合政务"},
		{"0201", `综合政务\政务公开`},
		{"港澳台工作", "港澳台侨工作"},
		{"税务", `财政、金融、审计\税务`},
		{"其他", "其他"},
		{`国防\其他`, `国防\其他`},
		{"宇航", ""},
	}
	for _, tt := range tests {
		topic, ok := ReadTopic(tt.text)
		if got := PathName(topic.Code, i18n.Chinese); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := PathName("0201", i18n.English); got != `General government affairs\Openness of government` {
		t.Error(got)
	}
}

func TestTablesHaveKeysAndNames(t *testing.T) {
	tables := map[string][]Entry{
		"genre": Genres(), "attribute": Attributes(), "validity": Validities(), "channel": Channels(),
		"audience": Audiences(), "origin": Origins(),
	}
	for _, i := range Items() {
		tables["article20"] = append(tables["article20"], i.Entry)
	}
	for _, b := range Bases() {
		tables["basis"] = append(tables["basis"], b.Entry)
	}
	sizes := map[string]int{"genre": 16, "attribute": 3, "validity": 5, "channel": 13, "audience": 12, "origin": 3, "article20": 15, "basis": 15}
	for name, table := range tables {
		seen := map[string]bool{}
		for _, e := range table {
			if seen[e.Key] || e.Key == "" || e.ZH == "" || e.EN == "" {
				t.Errorf("%s: %+v stands twice or lacks a name", name, e)
			}
			seen[e.Key] = true
		}
		if len(table) != sizes[name] {
			t.Errorf("%s has %d lines, want %d", name, len(table), sizes[name])
		}
	}
}

// 条例第二十条 and the suggested keys of specification §1.3.
func TestItemsOfArticle20(t *testing.T) {
	for n, key := range map[int]string{1: "rules", 5: "license", 6: "penalty", 8: "fees", 15: "other"} {
		i, ok := ItemOf(key)
		if !ok || i.Number != n {
			t.Errorf("%s is item %d, want %d", key, i.Number, n)
		}
	}
	if i, _ := ItemOf("license"); i.Cite().String() != "条例第二十条第（五）项" {
		t.Error(i.Cite())
	}
}

// R-EXM-01 to R-EXM-04, R-EXM-07.
func TestCheckAttribute(t *testing.T) {
	tests := []struct {
		name   string
		a      Attribute
		bases  []string
		reason string
		want   error
	}{
		{"public", Proactive, nil, "", nil},
		{"withheld as a trade secret", Withheld, []string{"trade_secret"}, "含企业报价", nil},
		{"withheld on two grounds", Withheld, []string{"trade_secret", "privacy"}, "含企业报价和住址", nil},
		{"withheld on none", Withheld, nil, "含企业报价", ErrBasis},
		{"withheld without a reason", Withheld, []string{"secret"}, " ", ErrReason},
		{"withheld on a ground for requests", Withheld, []string{"not_proactive"}, "内部", ErrBasisOf},
		{"withheld on a ground there is not", Withheld, []string{"embarrassing"}, "不便", ErrBasisOf},
		{"on request, with a reason", Request, nil, "不涉及公众利益", nil},
		{"on request, without", Request, nil, "", ErrReason},
		{"no attribute", "", nil, "", ErrAttribute},
	}
	for _, tt := range tests {
		if err := CheckAttribute(tt.a, tt.bases, tt.reason); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if b, _ := BasisOf("personnel"); b.Cite().String() != "条例第十六条第一款" || b.Kind != Discretionary {
		t.Errorf("%+v", b)
	}
}
