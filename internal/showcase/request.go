package showcase

import (
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

// requestText holds the requests of two years that are over, as a register kept elsewhere would.
//
//go:embed request.txt
var requestText string

// makeRequests brings in the registers of the years before and has the people make and handle
// the requests of these weeks: at least one in every state.
func (b *builder) makeRequests() error {
	if err := b.requestSettings(); err != nil {
		return err
	}
	if err := b.registerOf(requestText); err != nil {
		return err
	}
	for i, s := range stories {
		if err := b.tell(i, s); err != nil {
			return fmt.Errorf("request %q: %w", s.title, err)
		}
	}
	return nil
}

// requestSettings names the courts and authorities letters tell of.
func (b *builder) requestSettings() error {
	b.at(b.ago(start-2), 9, 0)
	for _, t := range b.bodies {
		officer, err := t.who(actor.Officer)
		if err != nil {
			return err
		}
		s := foi.Usual()
		s.LetterPattern = strings.TrimSuffix(t.Prefix, "发") + "公开复〔{year}〕{n}号"
		s.ReviewOnline = "https://fy.example.invalid"
		s.Authorities, s.Courts = []string{"示范市人民政府"}, []string{"示范市示范区人民法院"}
		s.Charges, s.HowToPay = true, "持收费通知书到示范银行任一网点缴入市级国库"
		s.Hours, s.PublicLog = "工作日9:00—12:00，14:00—17:30", true
		if err := b.Requests.SaveSettings(b.ctx, officer, t.agency.ID, s); err != nil {
			return fmt.Errorf("settings of %s: %w", t.Name, err)
		}
	}
	return nil
}

var errStory = errors.New("a line of the register cannot be read")

// registerOf brings in a register: a line a request.
func (b *builder) registerOf(text string) error {
	b.at(b.today, 9, 0)
	next := map[string]int{}
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			return fmt.Errorf("line %d: %w", n+1, errStory)
		}
		t := b.bodies[f[0]]
		officer, err := t.who(actor.Officer)
		if err != nil {
			return err
		}
		e, err := entryOf(f, n)
		if err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
		year := f[1][:4]
		next[f[0]+year]++
		e.No, e.Department = fmt.Sprintf("%s%05d", year, next[f[0]+year]), t.Units[n%len(t.Units)]
		if _, err := b.Requests.Import(b.ctx, officer, t.agency.ID, e); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return nil
}

// entryOf reads a line: the way before the result is told by words that begin with “!”.
func entryOf(f []string, n int) (e foi.Entry, err error) {
	if e.Received, err = date.Parse(f[1]); err != nil {
		return e, err
	}
	e.Channel, e.Application, e.Way = foi.Channel(f[2]), applicationOf(foi.Kind(f[3]), f[4], n), foi.ByMail
	words := strings.Fields(f[5])
	for i := 0; i < len(words); i++ {
		day := func() (d date.Date) {
			if i++; i < len(words) && err == nil {
				d, err = date.Parse(words[i])
			}
			return d
		}
		switch word := words[i]; {
		case word == "!ask":
			e.Notified = day()
		case word == "!fix":
			e.Corrected = day()
		case word == "!third":
			c := foi.Consultation{Party: foi.ThirdParty, Name: "某公司", Content: f[4], Concern: "商业秘密", Sent: day(), Received: day(), Replied: day()}
			c.Opinion = "不同意公开"
			e.Consulted = append(e.Consulted, c)
		case word == "!extend":
			e.ExtendedOn = day()
			i++
			e.ExtendedBy, err = strconv.Atoi(words[i])
		case strings.HasPrefix(word, "="):
			e.Outcome, e.ClosedOn = outcome.Code(word[1:]), day()
		default:
			return e, errStory
		}
	}
	return e, err
}

// surnames and organisations of applicants who do not exist.
var (
	surnames = []string{"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"}
	bodyKind = map[foi.Kind]string{foi.Business: "示例商贸有限公司", foi.Research: "示例社会研究所", foi.Welfare: "示例公益基金会", foi.LegalAid: "示例律师事务所", foi.Other: "示例业主委员会"}
)

// applicationOf makes an application by somebody who does not exist.
func applicationOf(k foi.Kind, title string, n int) foi.Application {
	a := foi.Application{
		Applicant: foi.Applicant{Kind: k, Phone: fmt.Sprintf("1380000%04d", n), Address: fmt.Sprintf("示范市虚构路%d号", n+1), Postcode: "000000"},
		Sought:    foi.Sought{Name: title, Features: "请公开" + title + "全文及附件"}, Form: foi.Electronic, Way: foi.Online,
	}
	if k == foi.Natural {
		a.Applicant.Name, a.Applicant.IDType = surnames[n%len(surnames)]+"某示", foi.ChineseCard
		a.Applicant.IDNumber = cardOf(n)
	} else {
		a.Applicant.Name, a.Applicant.Contact = bodyKind[k], surnames[n%len(surnames)]+"某"
	}
	return a
}

// cardOf makes a citizen's number of a region that has no code, with a right check digit.
func cardOf(n int) string {
	s := fmt.Sprintf("99990119800101%03d", n%1000)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return s + string("10X98765432"[sum%11])
}

// story is a request of these weeks: how many working days ago it came, and what was done since.
type story struct {
	body  string
	ago   int
	ch    foi.Channel
	kind  foi.Kind
	title string
	then  []deed
}

// deed is one thing done, so many working days ago.
type deed struct {
	what string
	ago  int
	arg  string
}

// stories has requests in every state, and the hard ones.
var stories = []story{
	{"civil", 1, foi.Web, foi.Natural, "2026年第三季度临时救助发放情况", nil},
	{"civil", 2, foi.Web, foi.LegalAid, "养老机构综合监管检查记录", nil},
	{"civil", 3, foi.Email, foi.Business, "适老化改造项目采购结果", nil},
	{"civil", 2, foi.Counter, foi.Natural, "城市低保标准调整的测算说明", []deed{{"confirm", 2, ""}}},
	{"civil", 6, foi.Web, foi.Natural, "社会救助协理员招聘公告和录用名单", []deed{{"confirm", 6, ""}, {"assign", 5, ""}}},
	{"civil", 19, foi.Post, foi.Natural, "殡葬服务机构年度检查结果", []deed{{"confirm", 19, ""}, {"assign", 18, ""}, {"search", 10, "found"}}},
	{"civil", 20, foi.Web, foi.Natural, "某街道社工站建设合同", []deed{{"confirm", 20, ""}, {"assign", 19, ""}}},
	{"civil", 23, foi.Counter, foi.Natural, "村级公益性公墓规划图", []deed{{"confirm", 23, ""}}},
	{"civil", 5, foi.Web, foi.Natural, "关于养老的全部文件", []deed{{"confirm", 5, ""}, {"ask", 2, "Online"}}},
	{"civil", 9, foi.Post, foi.Other, "小区养老设施移交材料", []deed{{"confirm", 9, ""}, {"ask", 4, "Online"}}},
	{"civil", 14, foi.Web, foi.Natural, "困难家庭核对办法", []deed{{"confirm", 14, ""}, {"ask", 10, "Online"}, {"fix", 6, ""}, {"assign", 6, ""}}},
	{"civil", 8, foi.Web, foi.Natural, "近三年全部信访答复、会议纪要和通话记录", []deed{{"confirm", 8, ""}, {"reasons", 3, ""}}},
	{"civil", 12, foi.Web, foi.Business, "福利中心设备采购中标单位报价明细", []deed{{"confirm", 12, ""}, {"search", 11, "found"}, {"third", 9, ""}}},
	{"civil", 13, foi.Counter, foi.Research, "与市卫生健康部门联合开展的调查报告", []deed{{"confirm", 13, ""}, {"organ", 8, ""}}},
	{"civil", 18, foi.Web, foi.Natural, "社会组织抽查检查底稿", []deed{{"confirm", 18, ""}, {"search", 12, "found"}, {"more", 2, ""}}},
	{"civil", 24, foi.Web, foi.LegalAid, "行业协会商会收费检查台账", []deed{{"confirm", 24, ""}, {"search", 15, "found"}, {"extend", 6, "15"}}},
	{"civil", 11, foi.Post, foi.Business, "三年来全部行政许可决定书复印件", []deed{{"confirm", 11, ""}, {"fee", 5, "260"}}},
	{"civil", 10, foi.Web, foi.Natural, "养老服务补贴政策文件", []deed{{"confirm", 10, ""}, {"search", 8, "found"}, {"propose", 2, "open"}}},
	{"civil", 15, foi.Web, foi.Natural, "救助对象家庭收入核对表", []deed{{"confirm", 15, ""}, {"search", 12, "found"}, {"propose", 3, "deny.process"}}},
	{"civil", 16, foi.Counter, foi.Welfare, "慈善组织认定审查意见", []deed{{"confirm", 16, ""}, {"search", 12, "found"}, {"propose", 4, "deny.internal"}, {"legal", 3, ""}}},
	{"civil", 17, foi.Web, foi.Natural, "城区养老设施布点规划批复", []deed{{"confirm", 17, ""}, {"search", 12, "none"}, {"propose", 5, "unable.nohold"}, {"approve", 3, ""}}},
	{"civil", 18, foi.Web, foi.Natural, "婚姻登记处周末预约名额安排", []deed{{"confirm", 18, ""}, {"propose", 5, "open.public"}, {"approve", 3, ""}, {"finish", 2, ""}}},
	{"civil", 40, foi.Web, foi.Natural, "儿童福利院改造项目合同及附件", []deed{{"confirm", 40, ""}, {"search", 36, "found"}, {"third", 34, ""}, {"says", 26, ""}, {"propose", 20, "partial"}, {"approve", 17, ""}, {"send", 16, ""}}},
	{"civil", 33, foi.Post, foi.Natural, "某养老院行政处罚案卷", []deed{{"confirm", 33, ""}, {"propose", 20, "deny.casefile"}, {"approve", 17, ""}, {"send", 15, ""}, {"again", 4, ""}}},
	{"civil", 30, foi.Web, foi.Natural, "低保动态管理办法", []deed{{"confirm", 30, ""}, {"search", 25, "found"}, {"propose", 22, "open"}, {"approve", 21, ""}, {"send", 20, ""}}},
	{"civil", 29, foi.Web, foi.Natural, "低保动态管理办法", []deed{{"confirm", 29, ""}, {"search", 25, "found"}, {"propose", 22, "open"}, {"approve", 21, ""}, {"send", 20, ""}}},
	{"civil", 7, foi.Web, foi.Natural, "低保动态管理办法", []deed{{"confirm", 7, ""}}},
	{"civil", 9, foi.Counter, foi.Natural, "流浪乞讨人员救助经费决算", []deed{{"confirm", 9, ""}, {"withdraw", 6, ""}}},
	{"civil", 5, foi.Web, foi.Natural, "测试提交", []deed{{"discard", 5, ""}}},
	{"civil", 12, foi.Counter, foi.Natural, "低保、临时救助和殡葬三方面的文件", []deed{{"confirm", 12, ""}, {"divide", 11, ""}}},
	{"justice", 8, foi.Web, foi.Natural, "法律援助案件补贴标准", []deed{{"confirm", 8, ""}, {"search", 6, "found"}}},
	{"justice", 19, foi.Post, foi.LegalAid, "公证机构年度考核结果", []deed{{"confirm", 19, ""}}},
	{"science", 4, foi.Web, foi.Research, "科技计划项目验收专家名单", []deed{{"confirm", 4, ""}}},
	{"science", 26, foi.Web, foi.Business, "高新技术企业认定评审意见", []deed{{"confirm", 26, ""}, {"propose", 12, "deny.process"}, {"approve", 9, ""}, {"send", 8, ""}}},
	{"district", 21, foi.Counter, foi.Natural, "某村土地征收补偿安置方案", []deed{{"confirm", 21, ""}}},
	{"city", 3, foi.Web, foi.Natural, "城市更新三年行动计划", nil},
	{"city", 11, foi.Web, foi.Other, "重大项目协调会会议纪要", []deed{{"confirm", 11, ""}, {"organ", 6, ""}}},
}

// told is a story while it is told.
type told struct {
	*builder
	t *town
	s story
	r *foi.Request
}

func (b *builder) tell(n int, s story) error {
	x := &told{builder: b, t: b.bodies[s.body], s: s}
	x.goTo(s.ago, 9)
	a := applicationOf(s.kind, s.title, 500+n)
	if s.ch == foi.Email {
		a.Applicant.Email, a.Way = "jia@example.invalid", foi.ByEmail
	}
	var err error
	if s.ch == foi.Web || s.ch == foi.Email {
		x.r, _, err = b.Requests.Submit(b.ctx, foi.Submission{Agency: x.t.agency.ID, Channel: s.ch, Application: a, Identified: true})
	} else {
		officer, whoErr := x.t.who(actor.Officer)
		if whoErr != nil {
			return whoErr
		}
		x.r, _, err = b.Requests.Register(b.ctx, officer, foi.Registration{Agency: x.t.agency.ID, Channel: s.ch, Received: date.Of(b.DB.Clock().In(date.China)), Application: a})
	}
	if err != nil {
		return err
	}
	for i, d := range s.then {
		x.goTo(d.ago, 10+i%6)
		if err := x.do(d); err != nil {
			return fmt.Errorf("%s: %w", d.what, err)
		}
	}
	return nil
}

// goTo moves the clock to an hour so many working days ago.
func (x *told) goTo(ago, hour int) {
	x.at(x.Holidays.Calendar().Add(x.today, -ago).Date, hour, 15)
}

func (x *told) day() date.Date { return date.Of(x.DB.Clock().In(date.China)) }

// do does one deed as the person whose it is.
func (x *told) do(d deed) (err error) {
	officer, err := x.t.who(actor.Officer)
	if err != nil {
		return err
	}
	desk, id := x.Requests, x.r.ID
	keep := func(r *foi.Request, err error) error {
		if err == nil {
			x.r = r
		}
		return err
	}
	switch d.what {
	case "confirm":
		if x.r.State != foi.Submitted {
			return nil
		}
		return keep(desk.Confirm(x.ctx, officer, id, 0, x.day(), ""))
	case "discard":
		return keep(desk.Discard(x.ctx, officer, id, 0, "提交的是测试内容，已与提交人核实"))
	case "assign":
		who, err := x.t.who(actor.Handler)
		if err != nil {
			return err
		}
		return keep(desk.Assign(x.ctx, officer, id, 0, foi.Assignment{Department: x.t.Units[1], Handlers: []string{who.ID}, Names: []string{who.Name}}))
	case "search":
		return x.search(officer, d.arg)
	case "ask":
		if err := keep(desk.AskCorrection(x.ctx, officer, id, 0, foi.Correction{What: "申请内容没有写明文件的名称、文号或者其他特征，无法查找", Guidance: "请写明所需信息的名称、形成时间或者涉及的具体事项", Days: 15})); err != nil {
			return err
		}
		return x.send("L02")
	case "fix":
		return keep(desk.Correct(x.ctx, officer, id, 0, x.day(), "需要2025年印发的《示范市困难家庭经济状况核对办法》", nil))
	case "reasons":
		if err := keep(desk.AskReasons(x.ctx, officer, id, 0, foi.Reasons{Facts: "自2026年1月以来共向本机关提出申请46件，内容涉及全部信访答复、会议纪要", Days: 10})); err != nil {
			return err
		}
		return x.send("L03")
	case "third", "organ":
		return x.consult(officer, d.what)
	case "says":
		return keep(desk.ConsultationAnswered(x.ctx, officer, id, 0, 1, foi.OpinionGiven{On: x.day(), Text: "合同单价属于商业秘密，不同意公开"}))
	case "more", "extend":
		return x.extend(officer, d)
	case "fee":
		pages, _ := strconv.Atoi(d.arg)
		if err := keep(desk.Charge(x.ctx, officer, id, 0, foi.ByPage, pages)); err != nil {
			return err
		}
		return x.send("L09")
	case "propose":
		return x.propose(officer, outcome.Code(d.arg))
	case "legal", "approve":
		return x.review(d.what == "legal")
	case "finish":
		return x.finish(letter.Code(""))
	case "send":
		return x.send("")
	case "again":
		_, err := desk.Reopen(x.ctx, officer, id, x.day(), "示范市人民政府行政复议决定书（示政复决〔2026〕12号）：撤销原答复，责令重新答复")
		return err
	case "withdraw":
		return keep(desk.Withdraw(x.ctx, officer, id, 0, "申请人来电说明已经从网站查到"))
	case "divide":
		return keep(desk.Divide(x.ctx, officer, id, 0, []foi.Part{{Title: "低保文件", Sought: "2026年低保工作文件"}, {Title: "临时救助文件", Sought: "2026年临时救助工作文件"}, {Title: "殡葬文件", Sought: "2026年殡葬管理文件"}}, "申请涉及三类事项，分别登记办理"))
	}
	return errStory
}

func (x *told) search(officer actor.Actor, result string) error {
	say := map[string]string{"found": "检索到相关信息1份", "none": "未检索到相关信息"}[result]
	r, err := x.Requests.RecordSearch(x.ctx, officer, x.r.ID, 0, foi.SearchRecord{
		Systems: "公文处理系统、业务管理系统", Archives: "机关档案室2024年至2026年文书档案", Words: x.s.title, People: officer.Name,
		From: x.day(), To: x.day(), Result: say, Found: result == "found",
	})
	if err == nil {
		x.r = r
	}
	return err
}

func (x *told) consult(officer actor.Actor, party string) error {
	c := foi.Consultation{Party: foi.ThirdParty, Name: "示例设备有限公司", Address: "示范市虚构路99号", Content: x.s.title + "中的单价和技术参数", Concern: "可能涉及商业秘密"}
	code := letter.Code("L05")
	if party == "organ" {
		c = foi.Consultation{Party: foi.Organ, Name: "示范市卫生健康委员会", Content: x.s.title}
		code = "L07"
	}
	r, err := x.Requests.Consult(x.ctx, officer, x.r.ID, 0, c)
	if err != nil {
		return err
	}
	x.r = r
	if err := x.sendBy(code, foi.Sending{Way: foi.ByHand, On: x.day(), Signer: "示例收发室"}); err != nil {
		return err
	}
	return x.send("L06")
}

func (x *told) extend(officer actor.Actor, d deed) error {
	days := 10
	if d.arg != "" {
		days, _ = strconv.Atoi(d.arg)
	}
	r, err := x.Requests.ProposeExtension(x.ctx, officer, x.r.ID, 0, days, "材料较多，需要逐份核对是否含有个人信息")
	if err != nil || d.what == "more" {
		return err
	}
	head, err := x.t.who(actor.Head)
	if err != nil {
		return err
	}
	if x.r, err = x.Requests.ApproveExtension(x.ctx, head, r.ID, 0, true, ""); err != nil {
		return err
	}
	return x.send("L04")
}

// propose proposes a decision with what its result needs.
func (x *told) propose(officer actor.Actor, code outcome.Code) error {
	a := letter.Answer{Finding: "经检索，本机关保存有所申请的信息"}
	n := foi.Decision{Outcome: code, Opinion: "拟按" + x.s.title + "的实际情况答复"}
	obtain := letter.Obtain{Way: "在政府信息公开系统凭查询码下载", Place: x.t.Address, Time: "收到本答复书之日起"}
	switch code {
	case outcome.Open, outcome.Partial:
		file, err := x.Requests.AddFile(x.ctx, officer, x.r.ID, foi.Upload{Kind: foi.Redacted, Name: x.s.title + ".txt", Data: []byte(x.s.title + "\n（演示文件，不含真实信息）\n")})
		if err != nil {
			return err
		}
		n.Files, a.Provided, a.Obtain = []string{file}, []letter.Paper{{Title: x.s.title, Pages: 4}}, obtain
		if code == outcome.Partial {
			a.Withheld = []letter.Withheld{{What: "合同附件二“单价表”", Outcome: string(outcome.Third), Class: "商业秘密", Reason: "经征求意见，权利人不同意公开；经审查，该单价未对外公开，公开会损害其合法权益"}}
		}
	case outcome.Public:
		a.Finding = "所申请的信息已经主动公开"
		a.Published = letter.Published{Title: x.s.title, Where: "本机关门户网站“政府信息公开”专栏", URL: "https://mz.example.invalid/gk/1.html"}
	case outcome.Process, outcome.Internal, outcome.CaseFile:
		class := map[outcome.Code]string{outcome.Process: "讨论记录", outcome.Internal: "人事管理", outcome.CaseFile: "行政执法案卷信息"}
		a.Class = class[code]
		a.Reason = "该信息在办理过程中形成，处于内部讨论阶段，法律、法规、规章没有规定应当公开"
		a.CaseWay = "当事人、利害关系人可以依照有关规定向承办机构申请查阅"
	case outcome.NotHeld:
		n.Variant, a.Variant = "absent", "absent"
		a.Finding, a.Reason = "经检索，没有找到所申请的信息", "本机关没有制作，也没有获取该信息"
	}
	n.Answers = []letter.Answer{a}
	r, err := x.Requests.Propose(x.ctx, officer, x.r.ID, 0, n)
	if err == nil {
		x.r = r
	}
	return err
}

var reviewers = map[foi.ReviewKind]actor.Role{foi.LegalReview: actor.Legal, foi.SecrecyReview: actor.Secrecy, foi.Leadership: actor.Head}

// review passes the reviews a decision needs; one only if so asked.
func (x *told) review(once bool) error {
	for x.r.State == foi.Reviewing {
		officer, err := x.t.who(actor.Officer)
		if err != nil {
			return err
		}
		v, err := x.Requests.Load(x.ctx, officer, x.r.ID, false)
		if err != nil {
			return err
		}
		who, err := x.t.who(reviewers[v.Reviews[0]])
		if err != nil {
			return err
		}
		if x.r, err = x.Requests.Review(x.ctx, who, x.r.ID, 0, v.Reviews[0], true, "同意"); err != nil || once {
			return err
		}
	}
	return nil
}

// letterOf finds the letter of a kind to be sent, or the reply's where no kind is named.
func (x *told) letterOf(code letter.Code) (*foi.Letter, actor.Actor, error) {
	officer, err := x.t.who(actor.Officer)
	if err != nil {
		return nil, officer, err
	}
	v, err := x.Requests.Load(x.ctx, officer, x.r.ID, false)
	if err != nil {
		return nil, officer, err
	}
	for _, l := range v.Letters {
		k, _ := letter.Find(l.Code)
		if (l.Code == code || code == "" && k.Decision) && (l.State == foi.Drafted || l.State == foi.Finished) {
			return l, officer, nil
		}
	}
	return nil, officer, foi.ErrNoLetter
}

func (x *told) finish(code letter.Code) error {
	l, officer, err := x.letterOf(code)
	if err != nil || l.State == foi.Finished {
		return err
	}
	r, err := x.Requests.FinishLetter(x.ctx, officer, x.r.ID, l.ID, 0, "")
	if err == nil {
		x.r = r
	}
	return err
}

func (x *told) send(code letter.Code) error {
	return x.sendBy(code, foi.Sending{Way: foi.Online, On: x.day()})
}

func (x *told) sendBy(code letter.Code, s foi.Sending) error {
	if err := x.finish(code); err != nil {
		return err
	}
	l, officer, err := x.letterOf(code)
	if err != nil {
		return err
	}
	r, err := x.Requests.SendLetter(x.ctx, officer, x.r.ID, l.ID, 0, s)
	if err == nil {
		x.r = r
	}
	return err
}
