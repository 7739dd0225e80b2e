package gate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

var today = date.Must(2026, 11, 23)

// by runs one rule and returns its findings as "severity: words|words"; what stands nowhere
// is shown by its field or its part.
func by(t *testing.T, code string, s *Subject) []string {
	t.Helper()
	i := slices.IndexFunc(Rules(), func(r check.Rule[*Subject]) bool { return r.Code == code })
	if i < 0 {
		t.Fatalf("no rule %s", code)
	}
	if s.Today.IsZero() {
		s.Today = today
	}
	var all []string
	for _, f := range Run(Rules()[i:i+1], s) {
		for _, l := range i18n.Langs {
			if m := i18n.To(l).Text(f.Message); strings.ContainsAny(m, "⟦{") {
				t.Errorf("%s says %s", f.Code, m)
			}
		}
		words := []string{}
		for _, spot := range f.Spots {
			for _, p := range append(s.Parts, Plain(TitleID, s.Title)) {
				if p.ID == spot.Part {
					words = append(words, p.Slice(spot.Start, spot.End))
				}
			}
		}
		if len(words) == 0 {
			words = []string{string(f.Field) + f.Part}
		}
		all = append(all, fmt.Sprintf("%s: %s", f.Severity, strings.Join(words, "|")))
	}
	return all
}

// bodies is a case of a rule that reads the body: HTML, and what is found in it.
type bodies map[string][]string

func (all bodies) run(t *testing.T, code string) {
	t.Helper()
	for html, want := range all {
		if got := by(t, code, &Subject{Parts: []Part{Body(html)}}); !slices.Equal(got, want) {
			t.Errorf("%s\n  got  %q\n  want %q", html, got, want)
		}
	}
}

// R-PII-02, GB 11643. The check digits were computed apart from the code under test.
func TestIdentityNumbers(t *testing.T) {
	bodies{
		"<p>张三，110101199003077002</p>":                                  {"error: 110101199003077002"},
		"<p>11010119900307723X</p>":                                     {"error: 11010119900307723X"},
		"<p>11010119900307723x。</p>":                                    {"error: 11010119900307723x"},
		"<p>１１０１０１１９９００３０７７００２</p>":                                     {"error: １１０１０１１９９００３０７７００２"},
		"<p>110101 19900307 7002</p>":                                   {"error: 110101 19900307 7002"},
		"<p>110101-19900307-723Ｘ</p>":                                   {"error: 110101-19900307-723Ｘ"},
		"<p>110101<b>19900307</b>7002</p>":                              {"error: 110101199003077002"},
		"<p>110101<br>199003077002</p>":                                 {"error: 110101\n199003077002"},
		"<p>1101011990&#8203;03077002</p>":                              {"error: 1101011990\u200b03077002"},
		"<p>甲110101199003077002，乙42010619850101002X</p>":                {"error: 110101199003077002|42010619850101002X"},
		"<p>830000198501010014</p>":                                     {"error: 830000198501010014"}, // residence permit
		"<p>110101199003077003</p>":                                     nil,                           // wrong check digit
		"<p>身份证号：110101199003077003</p>":                                {"warning: 110101199003077003"},
		"<p>420106202901010028</p>":                                     nil, // born in 2029
		"<p>420106198502300029</p>":                                     nil, // born on 30 February
		"<p>990101199003077002</p>":                                     nil, // no such province
		"<p>1110101199003077002</p>":                                    nil, // nineteen figures
		"<p>110101199003077002.5</p>":                                   nil, // a decimal
		"<p>A110101199003077002</p>":                                    nil, // a code
		"<p>统一社会信用代码11441700007280420Y</p>":                             nil,
		"<p>示例：110101199003077002</p>":                                  {"info: 110101199003077002"},
		"<p>身份证号110101900307700</p>":                                    {"warning: 110101900307700"}, // fifteen figures
		"<p>注册号110101900307700</p>":                                     nil,
		"<p>110101********7002</p>":                                     nil, // masked
		"<table><tr><td>姓名<td>身份证号<tr><td>甲<td>110101900307700</table>": {"warning: 110101900307700"},
		"<table><tr><td>110101<td>199003077002</table>":                 nil, // two cells
		"<script>110101199003077002</script>":                           nil,
	}.run(t, "R-PII-02-id-card")
}

// R-PII-02: Luhn and the issuer's first figures.
func TestBankCards(t *testing.T) {
	bodies{
		"<p>卡号：6222021000000000009</p>":           {"error: 6222021000000000009"},
		"<p>6217 0012 3456 7890 122</p>":          {"error: 6217 0012 3456 7890 122"},
		"<p>9558802100000000006</p>":              {"error: 9558802100000000006"},
		"<p>6230580000000000</p>":                 {"error: 6230580000000000"},
		"<p>6222021000000000008</p>":              nil, // check digit
		"<p>4111111111111111</p>":                 nil, // an international range without a word
		"<p>银行卡4111111111111111</p>":              {"error: 4111111111111111"},
		"<p>订单号6222021000000000009</p>":           nil,
		"<p>编号：2026112300000006</p>":              nil, // passes Luhn, no issuer
		"<p>2026112300000006</p>":                 nil,
		"<p>户名：某某市财政局，账号：6222021000000000009</p>": {"warning: 6222021000000000009"},
		"<p>样例：6222021000000000009</p>":           {"info: 6222021000000000009"},
		"<p>6666666666666666</p>":                 nil,
		"<p>身份证110101199003077002</p>":            nil,
		"<p>11370322004222241N</p>":               nil,
	}.run(t, "R-PII-02-bank-card")
}

// R-PII-01: private numbers, and lines of services.
func TestMobileNumbers(t *testing.T) {
	bodies{
		"<p>张三 13812345678</p>":                                       {"warning: 13812345678"},
		"<p>李四，手机号138 1234 5678</p>":                                  {"warning: 138 1234 5678"},
		"<p>+8613812345678</p>":                                       {"warning: 8613812345678"},
		"<p>１３８１２３４５６７８</p>":                                          {"warning: １３８１２３４５６７８"},
		"<p>12812345678</p>":                                          nil, // no mobile range
		"<p>138123456789</p>":                                         nil, // twelve figures
		"<p>投资13812345678元</p>":                                       nil,
		"<p>13812345678.50</p>":                                       nil,
		"<p>138****5678</p>":                                          nil,
		"<p>联系方式：13812345678</p>":                                     nil,
		"<p>咨询电话：0717-1234567、13812345678</p>":                        nil,
		"<p>加强监督。张三，13812345678</p>":                                  {"warning: 13812345678"},
		"<p>加强监督，13812345678</p>":                                     {"warning: 13812345678"},
		"<p>24小时客服13812345678</p>":                                    nil,
		"<p>监督举报电话：13812345678</p>":                                   nil,
		"<p>联系人：张三，电话：13812345678</p>":                                {"info: 13812345678"},
		"<p>联系电话：张三 13812345678</p>":                                  {"info: 13812345678"},
		"<p>申请人王五，联系电话13812345678</p>":                                {"warning: 13812345678"},
		"<table><tr><td>姓名<td>电话<tr><td>张三<td>13812345678</table>":    {"warning: 13812345678"},
		"<table><tr><td>单位<td>电话<tr><td>某某镇政府<td>13812345678</table>": nil,
		"<table><tr><td>单位<td>姓名<td>电话<tr><td>某局<td>张三<td>13812345678</table>": {"info: 13812345678"},
	}.run(t, "R-PII-01-mobile")
}

func TestLandlines(t *testing.T) {
	bodies{
		"<p>咨询电话：0717-1234567</p>":                                  nil,
		"<p>办公室0717-1234567</p>":                                    nil,
		"<p>住宅电话：0717-1234567</p>":                                  {"info: 0717-1234567"},
		"<p>家庭电话（0717）1234567</p>":                                  {"info: 0717）1234567"},
		"<p>家庭电话07171234567</p>":                                    {"info: 07171234567"},
		"<p>家庭电话0717-123</p>":                                       nil,
		"<table><tr><td>姓名<td>电话<tr><td>张三<td>0717-1234567</table>": {"info: 0717-1234567"},
	}.run(t, "R-PII-01-landline")
}

func TestPassports(t *testing.T) {
	bodies{
		"<p>护照号码：E12345678</p>": {"error: E12345678"},
		"<p>护照EA1234567</p>":    {"error: EA1234567"},
		"<p>通行证H1234567890</p>": {"error: H1234567890"}, // with the number of its renewal
		"<p>通行证H123456789</p>":  nil,
		"<p>通行证H12345678</p>":   {"error: H12345678"},
		"<p>型号E12345678</p>":    nil,
		"<p>护照E1234567</p>":     nil,
	}.run(t, "R-PII-02-passport")
}

func TestAddresses(t *testing.T) {
	bodies{
		"<p>家庭住址：某县某镇某村3组12号。</p>":                                          {"warning: 某县某镇某村3组12号"},
		"<p>户籍地址为某市某区某路8号2单元301室，现居外地</p>":                                  {"warning: 某市某区某路8号2单元301室"},
		"<p>家庭住址：某县某镇某村</p>":                                                nil,
		"<p>办公地址：某市某路8号</p>":                                                nil,
		"<p>填写家庭住址和联系方式。</p>":                                               nil,
		"<table><tr><td>姓名<td>住址<tr><td>张三<td>某村二组<tr><td>李四<td>某村</table>": {"warning: 某村二组"},
		"<table><tr><td>单位<td>地址<tr><td>某局<td>某路8号</table>":                 nil,
	}.run(t, "R-PII-01-address")
	if got := maskAddress("某县某镇某村3组12号"); got != "某县某镇某村" {
		t.Errorf("masked %s", got)
	}
}

// R-PII-05, R-PII-06: lists of people who get assistance.
func TestLists(t *testing.T) {
	list := func(before, head, row string) string { return "<p>" + before + "</p><table>" + head + row + "</table>" }
	bodies{
		list("低保对象公示", "<tr><td>序号<td>姓名<td>金额", "<tr><td>1<td>张三<td>300<tr><td>2<td>欧阳小明<td>300"): {"warning: 张三|欧阳小明"},
		list("低保对象公示", "<tr><td>姓名<td>金额", "<tr><td>张　三<td>300"):                                   {"warning: 张\u3000三"},
		list("低保对象公示", "<tr><td>姓名<td>金额", "<tr><td>张*<td>300<tr><td>李某<td>1"):                     {"warning: 李某"},
		list("低保对象公示", "<tr><td>姓名<td>金额", "<tr><td>合计<td>300<tr><td>单位<td>1"):                     nil,
		list("名单", "<tr><td>姓名<td>残疾等级", "<tr><td>张三<td>二级"):                                       {"error: 张三"},
		list("评标专家名单", "<tr><td>姓名<td>职称", "<tr><td>张三<td>高级工程师"):                                  nil,
		list("救助人数", "<tr><td>姓名数<td>金额", "<tr><td>张三<td>3"):                                       nil,
	}.run(t, "R-PII-05-list")
}

func TestMinors(t *testing.T) {
	bodies{
		"<table><tr><td>姓名<td>年龄<tr><td>张三<td>13<tr><td>李四<td>14岁<tr><td>王五<td>8周岁</table>": {"error: 张三|王五"},
		"<p>留守儿童名单</p><table><tr><td>姓名<td>村<tr><td>张三<td>某村</table>":                       {"error: 张三"},
		"<p>张三（男，13岁）走失</p>":  {"warning: 张三"},
		"<p>张三（男，14岁）走失</p>":  nil,
		"<p>参加活动的儿童平均8岁</p>":  nil,
		"<p>救出李小四，女，5周岁。</p>": {"warning: 李小四"},
	}.run(t, "R-PII-02-minor")
}

// R-SEC-06: marks, not talk.
func TestSecrecyMarks(t *testing.T) {
	bodies{
		"<p>机密★10年</p><p>关于某事的通知</p>": {"error: 机密"},
		"<p>绝密 ★ 启用前</p>":             {"error: 绝密"},
		"<p>秘密</p><p>某局文件</p>":        {"error: 秘密"},
		"<p>机　密</p>":                  {"error: 机\u3000密"},
		"<p>秘 密 ★ 10年</p>":            {"error: 秘 密 ★ 10年"},
		"<p>密级：机密</p>":                {"error: 机密"},
		"<p>【秘密】</p>":                 {"error: 秘密"},
		"<p>秘密10年</p>":                {"error: 秘密"},
		"<p>不得泄露国家秘密、商业秘密和个人隐私。</p>":  nil,
		"<p>国家秘密的密级分为绝密、机密、秘密三级。</p>": nil,
		"<table><tr><td>密级<td>期限<tr><td>绝密<td>30年<tr><td>机密<td>20年<tr><td>秘密<td>10年</table>": nil,
		"<p>密级：绝密 机密 秘密</p>":             nil,
		"<p>机密级计算机</p>":                  nil,
		"<p>内部资料 注意保存</p>":               {"error: 内部资料"},
		"<p>【内部文件】</p>":                  {"error: 内部文件"},
		"<p>内部资料性出版物</p>":                nil,
		"<p>准印内部资料，须经批准。</p>":            nil,
		"<p>（此件不公开）</p>":                 {"error: 不公开"},
		"<p>印发给你们，请遵照执行。（此件不予公开）</p>":    {"error: 不予公开"},
		"<p>公开方式：不予公开</p>":               {"error: 不予公开"},
		"<p>（此件依申请公开）</p>":               {"warning: 依申请公开"},
		"<p>（此件公开发布）</p>":                nil,
		"<p>公开方式：主动公开□ 依申请公开□ 不予公开□</p>": nil,
		"<p>行政机关决定不予公开的，应当说明理由。</p>":     nil,
		"<p>依申请公开</p>":                   nil, // a section's heading
		"<p>工作秘密</p>":                    {"error: 工作秘密"},
		"<p>以公开为常态、不公开为例外</p>":           nil,
	}.run(t, "R-SEC-06-mark")
}

// R-SEC-06, R-EXM-05: what could not be looked into.
func TestUnreadAttachments(t *testing.T) {
	attach := func(name string, doc *extract.Document, err error) *Subject {
		return &Subject{Parts: []Part{Attachment("a1", name, doc, err)}}
	}
	film := Attachment("a1", "宣传片.mp4", nil, extract.ErrUnsupported)
	film.Media = "video/mp4"
	for name, c := range map[string]struct {
		s    *Subject
		want []string
	}{
		"locked":     {attach("名单.docx", nil, extract.ErrEncrypted), []string{"error: a1"}},
		"archive":    {attach("材料.zip", nil, extract.ErrArchive), []string{"error: a1"}},
		"not ours":   {attach("材料.docx", nil, fmt.Errorf("disk")), []string{"error: a1"}},
		"scan":       {attach("批复.pdf", nil, extract.ErrScan), []string{"warning: a1"}},
		"some scans": {attach("批复.pdf", &extract.Document{Notes: []string{extract.NoteScanned}}, nil), []string{"warning: a1"}},
		"read":       {attach("通知.docx", &extract.Document{}, nil), nil},
		"film":       {&Subject{Parts: []Part{film}}, nil},
	} {
		if got := by(t, "R-SEC-06-unread", c.s); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// R-PII-04: hidden things are named, and the other rules look into them.
func TestHiddenThings(t *testing.T) {
	doc := &extract.Document{
		Blocks: []extract.Block{{Text: "公示"}},
		Hidden: []extract.Hidden{
			{Kind: extract.HiddenSheet, Name: "底表", Blocks: []extract.Block{{Text: "张三 110101199003077002"}}},
			{Kind: extract.HiddenCovered, Blocks: []extract.Block{{Text: "13812345678"}}},
			{Kind: extract.HiddenMacro, Name: "vbaproject.bin"},
			{Kind: extract.HiddenMargin, Blocks: []extract.Block{{Text: "机密★"}}},
		},
	}
	s := func() *Subject { return &Subject{Parts: []Part{Attachment("a1", "名单.xlsx", doc, nil)}} }
	for code, want := range map[string][]string{
		"R-PII-04-hidden":  {"error: 13812345678", "warning: 张三 110101199003077002", "warning: a1"},
		"R-PII-02-id-card": {"error: 110101199003077002"},
		"R-PII-01-mobile":  {"warning: 13812345678"},
		"R-SEC-06-mark":    {"error: 机密"},
	} {
		if got := by(t, code, s()); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestOutdatedLaw(t *testing.T) {
	bodies{
		"<p>《政府信息公开条例》（国务院令第492号）</p>":                     {"warning: 国务院令第492号"},
		"<p>（2007年4月5日国务院令第492号公布，2019年4月3日国令第711号修订）</p>": nil,
		"<p>根据自身生产、生活、科研等特殊需要申请</p>":                       {"warning: 自身生产、生活、科研等特殊需要"},
		"<p>新条例删除了自身生产、生活、科研等特殊需要的限制</p>":                  nil,
		"<p>根据《中华人民共和国合同法》订立合同</p>":                        {"warning: 《中华人民共和国合同法》"},
		"<p>1999年施行的《中华人民共和国合同法》</p>":                      nil,
		"<p>《中华人民共和国合同法》同时废止</p>":                          nil,
	}.run(t, "R-GDE-03-law")
	old := &Subject{Metadata: Metadata{Formed: date.Must(2020, 12, 31)}, Parts: []Part{Body("<p>适用《中华人民共和国合同法》</p>")}}
	if got := by(t, "R-GDE-03-law", old); got != nil {
		t.Errorf("a document of the day before the code: %q", got)
	}
	old.Formed = date.Must(2021, 1, 1)
	if got := by(t, "R-GDE-03-law", old); len(got) != 1 {
		t.Errorf("a document of the code's first day: %q", got)
	}
}

// 条例第三十三条第二款 against 第三十二条 and 第三十四条.
func TestOldDeadline(t *testing.T) {
	bodies{
		"<p>应当自收到政府信息公开申请之日起15个工作日内予以答复。</p>":          {"warning: 15个工作日"},
		"<p>应当自收到政府信息公开申请之日起20个工作日内予以答复。</p>":          nil,
		"<p>申请公开政府信息的，延长答复的期限最长不得超过15个工作日。</p>":        {"warning: 15个工作日"},
		"<p>第三方应当自收到政府信息公开征求意见书之日起15个工作日内答复。</p>":      nil,
		"<p>被征求意见的机关应当自收到之日起15个工作日内就政府信息提出意见或者答复。</p>": nil,
		"<p>15个工作日内办结许可并答复。</p>":                       nil,
	}.run(t, "R-GDE-03-deadline")
}

func TestTypos(t *testing.T) {
	bodies{
		"<p>全面布署，再接再励，截止目前</p>": {"warning: 布署", "warning: 再接再励", "warning: 截止目前"},
		"<p>部署、再接再厉、截至目前</p>":   nil,
		"<p>由市长公布署名文章</p>":      nil,
		"<p>布署一，布署二</p>":        {"warning: 布署|布署"},
	}.run(t, "R-WEB-07-typo")
}

func TestOutdatedTerms(t *testing.T) {
	bodies{
		"<p>报环境保护部备案</p>":       {"warning: 环境保护部"},
		"<p>各级环境保护部门</p>":       nil,
		"<p>《环境保护部关于某事的通知》</p>": nil,
		"<p>2015年环境保护部印发</p>":   nil,
		"<p>原环境保护部</p>":         nil,
		"<p>中国银保监会批准</p>":       {"warning: 中国银保监会"},
	}.run(t, "R-WEB-20-term")
}

// R-WEB-20-title has no entries of its own: lists are the operator's.
func TestTitlesAreTheOperators(t *testing.T) {
	l, err := ParseList("title.txt", "# kind: title\n# severity: error\n张三市长\t张三副市长\tsince=2026-01-01\n")
	if err != nil {
		t.Fatal(err)
	}
	s := &Subject{Words: Compile(append(DefaultLists(), l)...), Parts: []Part{Body("<p>张三市长出席</p>")}}
	if got := by(t, "R-WEB-20-title", s); !slices.Equal(got, []string{"error: 张三市长"}) {
		t.Errorf("got %q", got)
	}
	s.Words = nil
	if got := by(t, "R-WEB-20-title", s); got != nil {
		t.Errorf("without a list: %q", got)
	}
}

func TestDoubledWords(t *testing.T) {
	bodies{
		"<p>关于关于进一步</p>":          {"warning: 关于关于"},
		"<p>我市的的工作</p>":           {"warning: 的的"},
		"<p>目的的确定、的的确确</p>":       nil,
		"<p>贯彻落实贯彻落实</p>":         {"warning: 贯彻落实贯彻落实"},
		"<p>市政府政府信息公开</p>":        nil,
		"<p>集体经济组织组织开展</p>":       nil,
		"<p>一一二二三三、人人享有、研究研究</p>": nil,
		"<p>是是是</p>":              {"warning: 是是是"},
		"<p>二〇〇〇年</p>":            nil,
	}.run(t, "R-WEB-07-double")
}

func TestDoubledStops(t *testing.T) {
	bodies{
		"<p>工作，，继续。。</p>": {"warning: ，，", "warning: 。。"},
		"<p>工作，。</p>":     {"warning: ，。"},
		"<p>等等……</p>":     nil,
		"<p>好！！</p>":      nil,
		"<p>a,,b</p>":     nil,
	}.run(t, "R-WEB-07-stops")
}

func TestBrackets(t *testing.T) {
	bodies{
		"<p>办法（试行)</p>": {"info: )"},
		"<p>办法(试行）</p>": {"info: ("},
		"<p>办法（试行）</p>": nil,
		"<p>办法(试行)</p>": nil,
		"<p>1）第一项</p>":  nil,
		"<p>f(x）</p>":   nil,
	}.run(t, "R-WEB-07-brackets")
}

func TestWidth(t *testing.T) {
	bodies{
		"<p>首先,其次,最后</p>":      {"info: ,|,"},
		"<p>时间:上午</p>":         {"info: :"},
		"<p>1,234元，8:30</p>":   nil,
		"<p>首先，其次</p>":         nil,
		"<p>见http://x.cn,</p>": nil,
	}.run(t, "R-WEB-07-width")
}

// R-WEB-08, R-WEB-20.
func TestLinks(t *testing.T) {
	for url, want := range map[string]linkFault{
		"https://www.gov.cn/a.html":        "",
		"/col/1.html":                      "",
		"art_1.html":                       "",
		"#top":                             "",
		"mailto:a@example.cn":              "",
		"//www.gov.cn/":                    "",
		"javascript:alert(1)":              linkScript,
		" java\nscript:alert(1)":           linkScript,
		"JAVASCRIPT:alert(1)":              linkScript,
		"data:text/html,x":                 linkScript,
		"https://www.gov.cn@evil.example/": linkUser,
		"file:///C:/a.doc":                 linkLocal,
		`C:\Users\a.doc`:                   linkLocal,
		`\\server\a.doc`:                   linkLocal,
		"http://localhost:8080/":           linkIntranet,
		"http://10.1.2.3/":                 linkIntranet,
		"http://192.168.1.1/a":             linkIntranet,
		"http://172.31.0.1/":               linkIntranet,
		"http://172.32.0.1/":               linkNumeric,
		"http://[::1]/":                    linkIntranet,
		"http://oa/login":                  linkIntranet,
		"http://mail.corp/":                linkIntranet,
		"http:/www.gov.cn":                 linkMalformed,
		"http//www.gov.cn":                 linkMalformed,
		"https://http://www.gov.cn":        linkMalformed,
		"http：//www.gov.cn":                linkMalformed,
		"http://www..gov.cn/":              linkMalformed,
		"http://www.gov.cn/%zz":            linkMalformed,
		"www.gov.cn":                       linkBare,
		"":                                 linkEmpty,
		"  ":                               linkEmpty,
	} {
		if got := (Link{URL: url}).fault(); got != want {
			t.Errorf("%q: %q, want %q", url, got, want)
		}
	}
	p := Body(`<p>见<a href="https://a.example.cn/x">某某网</a></p>`)
	if got := by(t, "R-WEB-08-link", &Subject{Parts: []Part{p}}); got != nil {
		t.Errorf("unknown: %q", got)
	}
	p.Links[0].State = Dead
	if got := by(t, "R-WEB-08-link", &Subject{Parts: []Part{p}}); !slices.Equal(got, []string{"warning: 某某网"}) {
		t.Errorf("dead: %q", got)
	}
}

func TestPictures(t *testing.T) {
	bodies{
		`<p>图<img src=a.png></p>`:                          {"warning: "},
		`<p>图<img src=a.png alt=" "></p>`:                  {"warning: "},
		`<p>图<img src=a.png alt="办事流程图"></p>`:              nil,
		`<p>图<img src=a.png alt="" role=presentation></p>`: nil,
		`<p>图<img src=a.png alt="IMG_1.JPG"></p>`:          {"info: "},
	}.run(t, "R-WEB-40-alt")
}

// complete is a subject that no rule of the metadata has anything to say about.
func complete() *Subject {
	return &Subject{
		Stage: Submission, Today: today, LastDay: today, Publisher: Publisher{Name: "某某市民政局", Codes: []string{"014416330"}},
		Metadata: Metadata{
			Title: "关于某事的通知", Summary: "部署某事", IndexNo: "014416330/2026-00001", DocNo: "某民发〔2026〕5号", Theme: "民政",
			Genre: "通知", Attribute: Public, Formed: date.Must(2026, 11, 1),
		},
	}
}

func TestMetadata(t *testing.T) {
	if got := Run(Rules(), complete()); len(got) != 0 {
		t.Fatalf("a complete subject: %+v", got)
	}
	tests := []struct {
		name   string
		change func(*Subject)
		code   string
		want   []string
	}{
		{"withheld", func(s *Subject) { s.Attribute, s.Basis = Withheld, "条例第十六条" }, "R-EXM-07", []string{"info: attribute"}},
		{"withheld, to be published", func(s *Subject) {
			s.Attribute, s.Basis, s.Stage, s.Cleared = Withheld, "条例第十六条", Publication, true
		}, "R-EXM-07", []string{"error: attribute"}},
		{"on request", func(s *Subject) { s.Attribute = OnRequest }, "R-EXM-07", []string{"warning: attribute"}},
		{"no secrecy review", func(s *Subject) { s.Stage = Publication }, "R-EXM-07", []string{"error: review"}},
		{"secrecy review done", func(s *Subject) { s.Stage, s.Cleared = Publication, true }, "R-EXM-07", nil},
		{"withheld without basis", func(s *Subject) { s.Attribute = Withheld }, "R-EXM-01-basis", []string{"error: basis"}},
		{"withheld with no provision", func(s *Subject) { s.Attribute, s.Basis = Withheld, "不宜公开" }, "R-EXM-01-basis", []string{"warning: basis"}},
		{"withheld with basis", func(s *Subject) { s.Attribute, s.Basis = Withheld, "条例第十四条" }, "R-EXM-01-basis", nil},
		{"nothing stated", func(s *Subject) { s.Metadata, s.Publisher = Metadata{}, Publisher{} }, "R-GDE-02", []string{
			"error: title", "error: summary", "error: formed", "error: attribute", "warning: index_no", "warning: theme", "warning: genre", "error: publisher"}},
		{"nothing stated on a page", func(s *Subject) { s.Metadata, s.Stage = Metadata{}, Inspection }, "R-GDE-02", nil},
		{"summary of 150", func(s *Subject) { s.Summary = strings.Repeat("字", 150) }, "R-GDE-05", nil},
		{"summary of 151", func(s *Subject) { s.Summary = strings.Repeat("字", 151) }, "R-GDE-05", []string{"warning: summary"}},
		{"summary is the title", func(s *Subject) { s.Summary = s.Title }, "R-GDE-05", []string{"info: summary"}},
		{"the State Council's code", func(s *Subject) { s.IndexNo = "000014349/2024-06676" }, "R-IDX-04", []string{"warning: index_no"}},
		{"the State Council's own", func(s *Subject) {
			s.IndexNo, s.Publisher = "000014349/2024-06676", Publisher{Name: "国务院办公厅"}
		}, "R-IDX-04", nil},
		{"another's code", func(s *Subject) { s.IndexNo = "014225972/2026-00001" }, "R-IDX-04", []string{"warning: index_no"}},
		{"the code within the credit code", func(s *Subject) { s.IndexNo, s.Publisher.Codes = "007280420/2026-1", []string{"11441700007280420Y"} }, "R-IDX-04", nil},
		{"a local number", func(s *Subject) { s.IndexNo = "某民-2026-1" }, "R-IDX-04", nil},
		{"wrong check digit", func(s *Subject) { s.IndexNo = "014416331/2026-00001" }, "R-IDX-05", []string{"warning: index_no"}},
		{"wrong credit code", func(s *Subject) { s.IndexNo = "11441700007280421Y/2026-00001" }, "R-IDX-05", []string{"warning: index_no"}},
		{"a region's number", func(s *Subject) { s.IndexNo = "420200011/2026-00001" }, "R-IDX-05", nil},
		{"on the last day", func(s *Subject) {}, "R-PUB-01", nil},
		{"a day late", func(s *Subject) { s.LastDay = date.Must(2026, 11, 22) }, "R-PUB-01", []string{"error: formed"}},
		{"last day not known", func(s *Subject) { s.LastDay = date.Date{} }, "R-PUB-01", nil},
		{"published late", func(s *Subject) {
			s.Stage, s.Issued, s.LastDay = Inspection, date.Must(2026, 11, 2), date.Must(2026, 11, 1)
		}, "R-PUB-01", []string{"error: formed"}},
		{"formed today", func(s *Subject) { s.Formed = today }, "R-WEB-03-date", nil},
		{"formed tomorrow", func(s *Subject) { s.Formed = date.Must(2026, 11, 24) }, "R-WEB-03-date", []string{"error: formed"}},
		{"to be issued", func(s *Subject) { s.Issued = date.Must(2026, 12, 1) }, "R-WEB-03-date", nil},
		{"issued in the future", func(s *Subject) { s.Stage, s.Issued = Inspection, date.Must(2026, 12, 1) }, "R-WEB-03-date", []string{"error: issued"}},
		{"issued before it was formed", func(s *Subject) { s.Issued = date.Must(2026, 10, 31) }, "R-WEB-03-date", []string{"warning: issued"}},
		{"expired", func(s *Subject) { s.Until = date.Must(2026, 11, 22) }, "R-WEB-03-date", []string{"warning: until"}},
		{"last day of validity", func(s *Subject) { s.Until = today }, "R-WEB-03-date", nil},
	}
	for _, tt := range tests {
		s := complete()
		tt.change(s)
		if got := by(t, tt.code, s); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// GB/T 9704 7.2.5.
func TestDocumentNumbers(t *testing.T) {
	for no, want := range map[string]string{ // "" means it cannot be read, else how it is written
		"粤府〔2023〕68号":  "粤府〔2023〕68号",
		"粤府[2023]68号":  "粤府〔2023〕68号",
		"粤府（2023）068号": "粤府〔2023〕68号",
		"粤府〔2023〕第68号": "粤府〔2023〕68号",
		"沪府令第48号":      "沪府令第48号",
		"国务院令第711号":    "国务院令第711号",
		"2023年第5号":     "2023年第5号",
		"公告2023年第5号":   "公告2023年第5号",
		"第三十号":         "第三十号",
		"粤府〔23〕68号":    "",
		"粤府〔2023〕68":   "",
		"〔2023〕68号":    "",
		"粤府68号":        "",
		"粤府〔2023〕0号":   "",
		"号":            "",
		"粤府〔2123〕68号":  "",
	} {
		got := ""
		if d, ok := parseDocNo(no); ok {
			got = d.right
		}
		if got != want {
			t.Errorf("%s: %q, want %q", no, got, want)
		}
	}
	s := complete()
	s.DocNo = "某民发[2026]5号"
	f := Run([]check.Rule[*Subject]{documentNumber}, s)
	if len(f) != 1 || f[0].Fix == nil || f[0].Fix.Field != FieldDocNo || f[0].Fix.Value != "某民发〔2026〕5号" {
		t.Errorf("fix %+v", f)
	}
	for year, findings := range map[int]int{2024: 1, 2025: 0, 2026: 0, 2027: 1} {
		s.DocNo = fmt.Sprintf("某民发〔%d〕5号", year)
		if f := Run([]check.Rule[*Subject]{documentNumber}, s); len(f) != findings {
			t.Errorf("%d: %+v", year, f)
		}
	}
}
