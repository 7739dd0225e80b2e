package gate

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/check"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// body makes a subject of HTML.
func body(html string) *Subject { return &Subject{Today: today, Parts: []Part{Body(html)}} }

// What blocks, and what only asks: R-EXM-07, R-PII-02, R-SEC-06.
func TestBlocking(t *testing.T) {
	for html, want := range map[string]bool{
		"<p>110101199003077002</p>":      true,
		"<p>身份证110101199003077003</p>":   false, // doubtful
		"<p>6222021000000000009</p>":     true,
		"<p>机密★</p>":                     true,
		"<p>（此件依申请公开）</p>":               false,
		"<p>张三13812345678</p>":           false,
		"<p>护照E12345678</p>":             false,
		`<a href="javascript:x()">看</a>`: false,
	} {
		blocks := slices.ContainsFunc(Run(Rules(), body(html)), func(f Finding) bool { return f.Blocks })
		if blocks != want {
			t.Errorf("%s blocks: %v", html, blocks)
		}
	}
	withheld := complete()
	withheld.Attribute, withheld.Stage = Withheld, Publication
	if f := Run(Rules(), withheld); !f[0].Blocks && !f[1].Blocks {
		t.Error("R-EXM-07 does not block")
	}
}

// An override is matched by the finding's ID as long as the words and what stands around them
// are the same, wherever they move.
func TestFindingsKeepTheirIDs(t *testing.T) {
	id := func(s *Subject) string {
		f := Run([]check.Rule[*Subject]{idCard}, s)
		if len(f) != 1 {
			t.Fatalf("%d findings", len(f))
		}
		return f[0].ID
	}
	far := strings.Repeat("其他文字", 20)
	was := id(body("<p>" + far + "</p><p>证件号110101199003077002。</p><p>" + far + "</p>"))
	for name, c := range map[string]struct {
		html string
		same bool
	}{
		"again":                {"<p>" + far + "</p><p>证件号110101199003077002。</p><p>" + far + "</p>", true},
		"moved down":           {"<p>前面加了一段。</p><p>" + far + "</p><p>证件号110101199003077002。</p><p>" + far + "</p>", true},
		"bold":                 {"<p>" + far + "</p><p>证件号<b>110101199003077002</b>。</p><p>" + far + "</p>", true},
		"another number":       {"<p>" + far + "</p><p>证件号11010119900307723X。</p><p>" + far + "</p>", false},
		"other words around":   {"<p>" + far + "</p><p>护照号110101199003077002。</p><p>" + far + "</p>", false},
		"another after it":     {"<p>" + far + "</p><p>证件号110101199003077002、11010119900307723X。</p><p>" + far + "</p>", false},
		"another place of two": {"<p>" + far + "</p><p>证件号110101199003077002。</p><p>证件号110101199003077002。</p>", false},
	} {
		if got := id(body(c.html)) == was; got != c.same {
			t.Errorf("%s: same is %v", name, got)
		}
	}
	all := map[string]bool{}
	for _, f := range Run(Rules(), body("<p>布署，</p><p>截止目前，，</p><img src=a><img src=b alt=图片><a href='http://oa/'>甲</a><a href='http://ob/'>甲</a>")) {
		if all[f.ID] {
			t.Errorf("%s has the ID of another", f.Code)
		}
		all[f.ID] = true
	}
	locked := func(digest string) string {
		p := Attachment("a1", "名单.docx", nil, extract.ErrEncrypted)
		p.Digest = digest
		return Run([]check.Rule[*Subject]{unread}, &Subject{Parts: []Part{p}})[0].ID
	}
	if one, again := locked("1"), locked("1"); one != again || one == locked("2") {
		t.Error("a new file under the old name keeps an override, or the old loses it")
	}
}

// Personal data stands in findings in part only, so that they can be stored and shown.
func TestFindingsConcealPersonalData(t *testing.T) {
	s := body("<p>张三，身份证号110101199003077002，电话13812345678，卡号6222021000000000009，护照E12345678，家庭住址：某村3组12号</p>" +
		"<p>低保名单</p><table><tr><td>姓名<td>电话<tr><td>欧阳小明<td>13987654321</table>")
	s.Parts[0] = Body(s.Parts[0].HTML + "<p>再接再励的人，6222021000000000009</p><p>6222021000000000009，再接再励</p>") // numbers cut by the context
	for _, f := range Run(Rules(), s) {
		words := ""
		for _, spot := range f.Spots {
			words += spot.Quote + "\n"
		}
		for _, q := range f.Places {
			words += q.Text + "\n"
		}
		words += i18n.To(i18n.Chinese).Text(f.Message)
		for _, secret := range []string{"110101199003077002", "13812345678", "6222021", "0000009", "13987654321"} {
			if strings.Contains(words, secret) {
				t.Errorf("%s shows %s: %s", f.Code, secret, words)
			}
		}
		if f.Code == "R-PII-05-list" && !strings.Contains(f.Spots[0].Quote, "欧阳**") {
			t.Errorf("name shown as %s", f.Spots[0].Quote)
		}
	}
}

func TestPlaces(t *testing.T) {
	doc := &extract.Document{Blocks: []extract.Block{
		{Text: "名单", At: place.Place{Page: 1, Line: 1}},
		{Table: &extract.Table{Columns: 2, Rows: [][]extract.Cell{{
			{Text: "甲", Row: 0, Col: 0, At: place.Place{Page: 2, Table: 1, Row: 1, Col: 1}},
			{Text: "号110101199003077002", Row: 0, Col: 1, At: place.Place{Page: 2, Table: 1, Row: 1, Col: 2}},
		}}}},
	}}
	p := Attachment("a1", "名单.docx", doc, nil)
	f := Run([]check.Rule[*Subject]{idCard}, &Subject{Today: today, Parts: []Part{p}})
	if len(f) != 1 || f[0].Part != "a1" {
		t.Fatalf("%+v", f)
	}
	if at := f[0].Places[0].At; at != (place.Place{Page: 2, Table: 1, Row: 1, Col: 2, Start: 1, End: 19}) {
		t.Errorf("at %+v", at)
	}
	if f[0].Fix != nil {
		t.Error("an attachment cannot be corrected here")
	}
	line := Run([]check.Rule[*Subject]{idCard}, body("<p>一</p><p>号110101199003077002</p>"))[0].Places[0].At
	if line != (place.Place{Line: 2, Start: 1, End: 19}) {
		t.Errorf("in the text at %+v", line)
	}
}

func TestTextOfHTML(t *testing.T) {
	for html, want := range map[string]string{
		"<p>甲</p><p>乙<br>丙</p>":                                                "甲\n乙\n丙\n",
		" <p>\n  甲 \t 乙\n</p>":                                                 "甲 乙\n",
		"<p>a&amp;b&lt;c&#20013;&nbsp;&bogus;&</p>":                            "a&b<c中\u00a0&bogus;&\n",
		"<style>p{}</style><script>x<y</script><p>甲<!-- 乙 --></p>":             "甲\n",
		"<table><tr><td>甲<td><p>乙</p><p>丙</p><tr><td colspan=2>丁<td>戊</table>": "甲\t乙\u2028丙\u2028\n丁\t\t戊\n",
		"<table><tr><td>甲<table><tr><td>内<td>外</table><td>乙</table>":           "甲\u2028内\u2028外\u2028\t乙\n",
		"<b>甲<i>乙</b></i>丙":                                                    "甲乙丙",
		"<p>甲<p>乙":                                                             "甲\n乙",
		"甲\xff\xfe乙":                                                           "甲\ufffd\ufffd乙",
		"<p":                                                                   "",
		"<p>甲</p":                                                              "甲",
		"<div><div>甲</div></div>":                                              "甲\n",
	} {
		p := Body(html)
		if got := p.Text(); got != want {
			t.Errorf("%q: %q, want %q", html, got, want)
		}
		if len(p.source) != len(p.text) {
			t.Errorf("%q: %d runes, %d sources", html, len(p.text), len(p.source))
		}
	}
}

// The offered corrections, applied to the source.
func TestFixes(t *testing.T) {
	tests := []struct{ code, html, want string }{
		{"R-PII-02-id-card", "<p>张三110101<b>19900307</b>7002。</p>", "<p>张三******************<b></b>。</p>"},
		{"R-PII-01-mobile", "<p>张三138 1234 5678</p>", "<p>张三138 **** 5678</p>"},
		{"R-PII-01-mobile", "<p>张三+8613812345678</p>", "<p>张三+86138****5678</p>"},
		{"R-PII-05-list", "<p>低保</p><table><tr><td>姓名<td>元<tr><td>张三<td>1<tr><td>欧阳小明<td>2</table>", "<p>低保</p><table><tr><td>姓名<td>元<tr><td>张*<td>1<tr><td>欧阳**<td>2</table>"},
		{"R-PII-01-address", "<p>家庭住址：某镇某村3组12号</p>", "<p>家庭住址：某镇某村</p>"},
		{"R-WEB-07-typo", "<p>布<i>署</i>&amp;再接再励</p>", "<p>部署<i></i>&amp;再接再励</p>"},
		{"R-WEB-07-double", "<p>关于<b>关于</b>某事</p>", "<p>关于<b></b>某事</p>"},
		{"R-WEB-07-stops", "<p>甲，，乙</p>", "<p>甲，乙</p>"},
		{"R-WEB-07-brackets", "<p>办法（试行)</p>", "<p>办法（试行）</p>"},
		{"R-WEB-07-width", "<p>首先,其次</p>", "<p>首先，其次</p>"},
		{"R-WEB-20-term", "<p>报环境保护部</p>", "<p>报生态环境部</p>"},
		{"R-GDE-03-law", "<p>《合同法》</p>", "<p>《民法典》</p>"},
	}
	for _, tt := range tests {
		s := body(tt.html)
		i := slices.IndexFunc(Rules(), func(r check.Rule[*Subject]) bool { return r.Code == tt.code })
		f := Run(Rules()[i:i+1], s)
		if len(f) == 0 || f[0].Fix == nil {
			t.Errorf("%s: no fix for %s", tt.code, tt.html)
			continue
		}
		got, err := s.Parts[0].Apply(f[0].Fix.Edits)
		if err != nil || got != tt.want {
			t.Errorf("%s: %s, %v, want %s", tt.code, got, err, tt.want)
		}
	}
	for _, code := range []string{"R-SEC-06-mark", "R-GDE-03-deadline"} { // what takes thought
		i := slices.IndexFunc(Rules(), func(r check.Rule[*Subject]) bool { return r.Code == code })
		for _, f := range Run(Rules()[i:i+1], body("<p>机密★</p><p>自收到政府信息公开申请之日起15个工作日内答复</p>")) {
			if f.Fix != nil {
				t.Errorf("%s offers a fix", code)
			}
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	p := Body("<p>布署工作</p>")
	edit := Edit{Part: BodyID, Start: 0, End: 2, Was: "布署", With: `部署<script>"&`}
	got, err := p.Apply([]Edit{edit})
	if want := "<p>部署&lt;script&gt;&#34;&amp;工作</p>"; err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	other, title := edit, Plain(TitleID, "布署工作")
	other.Part = TitleID
	if got, err := title.Apply([]Edit{other}); err != nil || got != `部署<script>"&工作` {
		t.Errorf("title: %s, %v", got, err)
	}
	for name, edits := range map[string][]Edit{
		"another text": {{BodyID, 0, 2, "部署", "x"}}, "beyond the end": {{BodyID, 4, 9, "", "x"}}, "backwards": {{BodyID, 2, 1, "", "x"}},
		"before the beginning": {{BodyID, -1, 1, "布", "x"}}, "overlapping": {edit, {BodyID, 1, 3, "署工", "x"}},
	} {
		if _, err := p.Apply(edits); !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	attached := Attachment("a", "a.docx", &extract.Document{}, nil)
	if _, err := attached.Apply(nil); !errors.Is(err, ErrFixed) {
		t.Errorf("attachment: %v", err)
	}
}

func TestRunLeavesTheSubjectAlone(t *testing.T) {
	s := complete()
	s.Parts = []Part{Body("<p>布署</p>")}
	Run(Rules(), s)
	if len(s.Parts) != 1 || s.Words != nil || s.words != nil {
		t.Error("Run changed its subject")
	}
}
