package letter

import (
	"testing"

	"gongkai/internal/date"
)

// base is what every letter of the samples says: made-up people and bodies.
func base() Facts {
	return Facts{
		Number: "青水公开〔2026〕15号",
		Agency: Agency{
			Name: "青禾市水利局", Office: "局办公室", Address: "青禾市柳荫路18号", Postcode: "000018", Phone: "0000-5550118",
			Hours: "工作日9:00—12:00、14:00—17:00", Site: "https://slj.qinghe.example/",
		},
		Applicant: Applicant{Type: "natural", Name: "林小满", Honorific: "女士", Identity: "居民身份证", IdentityNumber: "000000199001010000",
			Address: "青禾市桑园街3号", Postcode: "000003", Phone: "13000000000", Email: "lin@example.com"},
		Request: Request{
			Number: "2026-015", Code: "QH7K2M", URL: "https://www.qinghe.example/foi", Channel: Signed,
			Submitted: date.Must(2026, 1, 26), Received: date.Must(2026, 1, 28),
			Text: "2025年青禾河防洪堤加固工程的竣工验收报告", DocNo: "青水验〔2025〕9号", Features: "工程位于桑园街道段",
			Form: "纸面", Way: "邮寄", Handler: "赵青", Section: "建设管理科",
		},
		Due:      Due{On: date.Must(2026, 3, 3), Certain: true},
		Remedy:   Remedy{Review: []string{"青禾市人民政府"}, Court: []string{"青禾市桑园区人民法院"}},
		Review:   Review{Record: "审2026-015", Drafted: "拟对该信息予以公开。"},
		Delivery: Delivery{Letter: "政府信息公开申请答复书", Way: "邮寄送达", Address: "青禾市桑园街3号", By: "赵青"},
	}
}

// sampleDay is the date of letters in the samples.
var sampleDay = date.Must(2026, 2, 27)

// answered is base with one answer.
func answered(a Answer) Facts {
	f := base()
	f.Answers = []Answer{a}
	return f
}

func search() Search {
	return Search{
		Systems: []string{"办公自动化系统", "工程建设管理系统"}, Archives: []string{"2019年至2025年工程档案"},
		Keywords: []string{"青禾河", "防洪堤", "竣工验收"}, Persons: []string{"建设管理科赵青", "档案室周禾"},
		From: date.Must(2026, 2, 2), To: date.Must(2026, 2, 4),
	}
}

// sample is one letter with all it needs.
type sample struct {
	name  string
	code  Code
	facts Facts
	on    date.Date
}

// samples hold each letter of the catalogue, and the cases of some.
func samples() []sample {
	var all []sample
	add := func(name string, code Code, f Facts) { all = append(all, sample{name, code, f, sampleDay}) }
	on := func(y, m, d int, name string, code Code, f Facts) {
		all = append(all, sample{name, code, f, date.Must(y, m, d)})
	}
	// asked is a request for text with one answer.
	asked := func(text string, a Answer) Facts {
		f := answered(a)
		f.Request.Text = text
		return f
	}
	with := func(change func(f *Facts)) Facts {
		f := base()
		change(&f)
		return f
	}

	on(2026, 1, 28, "L01", "L01", base())
	on(2026, 1, 28, "L01-oral-uncertain", "L01", with(func(f *Facts) {
		f.Request.Channel, f.Request.Oral, f.Due.Certain = InPerson, true, false
		f.Applicant.Help = "视力障碍，需要大字版"
		f.Due.Account = []string{"2026年1月28日收到申请，自次日起计算", "2026年2月15日至23日为春节假期，不计算；2月14日、2月28日为调休工作日，计算在内", "第20个工作日为2026年3月3日"}
	}))
	correction := Correction{
		Matters:  []string{"所需竣工验收报告涉及的具体堤段或者工程名称", "所需信息形成的大致时间"},
		Guidance: "青禾河防洪堤加固工程分为桑园段、柳荫段两个标段，分别验收。您可以写明需要哪一个标段的报告；不清楚标段名称的，写明工程所在的街道或者桥梁也可以。",
		Notified: date.Must(2026, 2, 4), Deadline: date.Must(2026, 3, 6),
	}
	on(2026, 2, 4, "L02", "L02", with(func(f *Facts) { f.Correction = correction }))
	reasons := Reasons{
		Excess: "您自2026年1月1日至1月28日，先后17次向本机关申请公开同一工程的86项信息。", Asked: date.Must(2026, 2, 3), Deadline: date.Must(2026, 2, 24),
		Given: "希望了解工程全部情况", Answered: date.Must(2026, 2, 13),
		Judged: "本机关已就该工程的立项、招标、施工、验收信息作出14次答复，您没有说明需要其余信息的具体理由。",
	}
	on(2026, 2, 3, "L03", "L03", with(func(f *Facts) { f.Reasons = reasons }))
	on(2026, 2, 26, "L04", "L04", with(func(f *Facts) {
		f.Extension = Extension{Days: 10, From: date.Must(2026, 3, 3), Due: date.Must(2026, 3, 17), Reason: "申请公开的报告及附件共1200余页，需要逐页审查是否含有个人隐私", Approved: date.Must(2026, 2, 26), Approver: "孙柏"}
	}))
	third := Consultation{
		Kind: ThirdParty, Name: "云岭堤防建设有限公司", Content: "青禾河防洪堤加固工程竣工验收报告第四章“施工工艺”。", Concern: "该章记载贵公司自行研发的护坡浇筑工艺参数，可能属于商业秘密。",
		Sent: date.Must(2026, 2, 5), Replied: date.Must(2026, 2, 25), Stand: Objects, Reasons: "浇筑工艺参数未对外公开，公司已采取保密措施",
		Override: "该堤段保护下游6个街道，堤身质量关系公共安全，公开验收所依据的工艺参数，是公众判断堤防安全的必要条件。",
	}
	on(2026, 2, 5, "L05", "L05", with(func(f *Facts) { f.Consultation = third }))
	on(2026, 2, 5, "L05-person", "L05", with(func(f *Facts) {
		f.Consultation = Consultation{Kind: ThirdParty, Name: "周禾先生", Person: true, Content: "验收会签到表中您的姓名、单位和联系电话", Concern: "联系电话属于您的个人隐私"}
	}))
	on(2026, 2, 5, "L06", "L06", with(func(f *Facts) { f.Consultation = third }))
	maker := Consultation{Kind: CoMaker, Name: "青禾市财政局", Content: "《关于青禾河防洪堤加固工程资金安排的意见》（青水〔2025〕31号）", Sent: date.Must(2026, 2, 5)}
	on(2026, 2, 5, "L06-comaker", "L06", with(func(f *Facts) { f.Consultation = maker }))
	on(2026, 2, 5, "L07", "L07", with(func(f *Facts) { f.Consultation = maker }))
	on(2026, 2, 5, "L07-organ", "L07", with(func(f *Facts) {
		f.Consultation = Consultation{Kind: OtherOrgan, Name: "青禾市应急管理局", Content: "验收报告附件三“防汛物资清单”", Deadline: date.Must(2026, 2, 24)}
	}))
	add("L08", "L08", with(func(f *Facts) { f.Consultation = third }))
	fee := Fee{
		Mode: PerPiece, Count: 35, Month: "2026年1月", Amount: 3000, How: "凭本通知书所附缴款码，通过银行柜台或者网上缴纳。",
		Tiers:    []Tier{{From: 1, To: 10, Count: 10}, {From: 11, To: 30, Count: 20, Price: 100, Sum: 2000}, {From: 31, To: 35, Count: 5, Price: 200, Sum: 1000}},
		Notified: date.Must(2026, 2, 10), Received: date.Must(2026, 2, 12), Deadline: date.Must(2026, 3, 18),
	}
	on(2026, 2, 10, "L09", "L09", with(func(f *Facts) { f.Fee = fee }))
	on(2026, 2, 10, "L09-pages", "L09", with(func(f *Facts) {
		f.Fee = Fee{Mode: PerPage, Count: 250, Amount: 4700, How: fee.How, Tiers: []Tier{
			{From: 1, To: 30, Count: 30}, {From: 31, To: 100, Count: 70, Price: 10, Sum: 700}, {From: 101, To: 200, Count: 100, Price: 20, Sum: 2000}, {From: 201, To: 250, Count: 50, Price: 40, Sum: 2000}}}
	}))

	report := []Paper{{Title: "《青禾河防洪堤加固工程竣工验收报告》", DocNo: "青水验〔2025〕9号", Pages: 46}, {Title: "《竣工验收鉴定书》", Pages: 12}}
	open := answered(Answer{Outcome: "open", Provided: report})
	open.Enclosures = []string{"青禾河防洪堤加固工程竣工验收报告", "竣工验收鉴定书"}
	add("L10", "L10", open)
	add("L10-obtain", "L10", answered(Answer{Outcome: "open", Form: "电子数据", FormWhy: "竣工图纸共1200余张，复制成本过高",
		Obtain: Obtain{Way: "由本机关复制到您提供的光盘或者移动存储设备", Place: "青禾市柳荫路18号501室", Time: "2026年3月2日起的办公时间"}}))
	help := open
	help.Applicant = Applicant{Type: "welfare", Name: "青禾河守护者协会", Organisation: true, Agent: "苏木"}
	help.Request.Corrected, help.Correction.Notified = date.Must(2026, 2, 10), date.Must(2026, 2, 3)
	help.Extension = Extension{Days: 5, Due: date.Must(2026, 3, 24)}
	help.Delivery.Online, help.Remedy.Online = true, "https://fy.qinghe.example/"
	add("L10-organisation", "L10", help)
	add("L11", "L11", answered(Answer{Outcome: "open.public", Published: Published{Title: "《青禾河防洪堤加固工程竣工验收报告》", Where: "青禾市水利局网站“政府信息公开—重大建设项目”栏目", URL: "https://slj.qinghe.example/a/1024.html", On: date.Must(2025, 12, 30)}}))
	partial := answered(Answer{Outcome: "partial", Provided: report[:1],
		Withheld: []Withheld{
			{What: "第四章“施工工艺”中的浇筑工艺参数（第21页至第24页）", Outcome: "deny.third", Class: "商业秘密", Reason: "本机关已书面征求施工单位意见，该单位不同意公开，认为参数未对外公开且已采取保密措施，该理由合理", Third: Third{Consulted: true, Objected: true, Reasons: "参数未对外公开"}},
			{What: "附件二验收会签到表中的个人联系电话", Outcome: "deny.third", Class: "个人隐私", Reason: "公开会影响签到人的生活安宁", Third: Third{WhyNot: "联系电话明显属于个人隐私"}},
			{What: "附件五“验收组内部讨论记录”", Outcome: "deny.process", Class: "讨论记录", Reason: "该记录是验收结论形成前的内部讨论，验收结论已向您提供"},
			{What: "附件六所附施工单位宣传册", Outcome: "not_information", Reason: "该宣传册由施工单位随材料附送，不是本机关履行行政管理职能过程中制作或者获取的信息"},
		}})
	partial.Consulted = []Consultation{third}
	partial.Enclosures = []string{"青禾河防洪堤加固工程竣工验收报告（已作区分处理）"}
	add("L12", "L12", partial)
	add("L13", "L13", answered(Answer{Outcome: "deny.secret", Reason: "该报告由青禾市水利局依照定密权限于2025年11月确定为国家秘密，保密期限尚未届满，也没有解密。"}))
	add("L14", "L14", asked("2025年防洪效益统计调查中云岭堤防建设有限公司的填报数据", Answer{Outcome: "deny.law", Law: "《中华人民共和国统计法》关于单个统计调查对象资料不得公开的规定", Reason: "您申请公开的内容是能够识别单个统计调查对象身份的资料。"}))
	add("L15", "L15", asked("青禾河防洪堤薄弱部位分布图", Answer{Outcome: "deny.safety", Class: "公共安全", Reason: "该信息标明堤防薄弱部位和闸门控制方式，一旦被用于破坏活动，将直接危及沿河居民的生命财产安全，且不能通过隐去部分内容消除该危险。"}))
	add("L16", "L16", asked("青禾河防洪堤加固工程护坡浇筑工艺参数", Answer{Outcome: "deny.third", Class: "商业秘密", Reason: "该参数不为公众所知悉，具有商业价值并经权利人采取保密措施，第三方的理由合理。", Third: Third{Consulted: true, Objected: true, Reasons: "浇筑工艺参数未对外公开，公司已采取保密措施"}}))
	add("L17", "L17", asked("2025年青禾市水利局职工食堂采购安排", Answer{Outcome: "deny.internal", Class: "后勤管理", Reason: "该信息是本机关食堂的采购安排，对外部不产生影响。"}))
	add("L18", "L18", asked("青禾河防洪堤加固工程验收组会议记录", Answer{Outcome: "deny.process", Class: "讨论记录", Reason: "该会议记录反映验收结论作出前各成员的意见，公开会影响今后讨论时坦率发表意见。"}))
	add("L19", "L19", asked("2025年查处青禾河河道违法建设案件的询问笔录", Answer{Outcome: "deny.casefile", Reason: "该信息是本机关2025年查处河道违法建设案件的询问笔录，已归入行政执法案卷。", CaseWay: "持身份证明到本机关政策法规科（柳荫路18号305室），依照行政处罚程序的规定查阅。"}))
	add("L20", "L20", asked("桑园街3号房屋的不动产登记资料", Answer{Outcome: "deny.query", Law: "《不动产登记暂行条例》第二十七条", Channel: "权利人、利害关系人可以向青禾市不动产登记中心（桑园街1号，电话0000-5550101）申请查询、复制不动产登记资料。"}))
	add("L21", "L21", answered(Answer{Outcome: "unable.nohold", Variant: "absent", Search: search(), Reason: "该工程尚未完工，验收报告尚未形成。"}))
	add("L22", "L22", answered(Answer{Outcome: "unable.nohold", Variant: "other", Organ: Organ{Name: "青禾市住房和城乡建设局", Contact: "电话0000-5550120，地址柳荫路20号", Why: "该工程由青禾市住房和城乡建设局组织验收，验收报告由该局制作。"}}))
	add("L22-unknown", "L22", answered(Answer{Outcome: "unable.nohold", Variant: "other", Organ: Organ{Unknown: true, Why: "本机关没有制作或者保存该信息，也不负责该类工程的验收。"}}))
	add("L23", "L23", asked("全市近十年各堤段投资与受灾损失的对比分析", Answer{Outcome: "unable.make", Existing: "各标段每月的工程进度表", Reason: "您需要的是全市近十年各堤段投资与受灾损失的对比分析，需要对上述信息重新汇总、计算和分析。"}))
	unclear := asked("防洪工程的有关信息", Answer{Outcome: "unable.unclear"})
	unclear.Correction = correction
	unclear.Correction.Unclear = "您补正后的内容仍为“与防洪有关的全部信息”，没有写明信息的名称、文号、时间或者涉及的工程。"
	unclear.Request.Corrected = date.Must(2026, 2, 20)
	add("L24", "L24", unclear)
	add("L25", "L25", asked("查处防洪堤施工扬尘的情况并给予答复", Answer{Outcome: "noproc.petition", Variant: "complaint", Reason: "您要求本机关查处防洪堤施工扬尘问题并给予答复，没有申请获取具体的政府信息。", Channel: "拨打12345政务服务便民热线，或者到青禾市信访接待中心（桑园街8号）反映。"}))
	add("L26", "L26", answered(Answer{Outcome: "noproc.repeat", Earlier: Earlier{On: date.Must(2025, 12, 8), Number: "青水公开〔2025〕63号"}}))
	add("L27", "L27", asked("《青禾年鉴（2025）》", Answer{Outcome: "noproc.publication", Published: Published{Title: "《青禾年鉴（2025）》", Where: "该书由青禾出版社公开出版，可以到书店购买，或者到青禾市图书馆二楼阅览室借阅。"}}))
	excess := answered(Answer{Outcome: "noproc.excess"})
	excess.Reasons = reasons
	add("L28", "L28", excess)
	add("L29", "L29", asked("在青水验〔2025〕9号验收报告复制件上注明“与原件一致”并加盖公章", Answer{Outcome: "noproc.confirm", Variant: "certify", Earlier: Earlier{About: "本机关于2025年12月8日向您提供了该验收报告的复制件（青水公开〔2025〕63号）。"}, Reason: "您要求在该复制件上注明“与原件一致”并加盖公章。"}))
	lapsed := answered(Answer{Outcome: "other.nocorrect"})
	lapsed.Correction = correction
	lapsed.Correction.Deadline = date.Must(2026, 2, 25)
	add("L30", "L30", lapsed)
	unpaid := answered(Answer{Outcome: "other.nopay"})
	unpaid.Fee = fee
	on(2026, 3, 20, "L31", "L31", unpaid)
	add("L32", "L32", answered(Answer{Outcome: "other.misc", Variant: "withdrawn", On: date.Must(2026, 2, 11)}))
	add("L32-not-information", "L32", asked("青禾市水利局工作人员的私人通信", Answer{Outcome: "other.misc", Variant: "not_information", Reason: "您申请公开的是本机关工作人员的私人通信。"}))
	add("L32-inquiry", "L32", asked("防洪费的征收依据是否合理", Answer{Outcome: "other.misc", Variant: "inquiry", Reason: "您询问的是防洪费的征收依据是否合理。", Channel: "拨打本机关咨询电话0000-5550118。"}))
	deferred := reasons
	deferred.Given, deferred.Judged = "编写青禾河治理史志", "编写史志确有需要。"
	rectify := func(variant string) Facts {
		return with(func(f *Facts) {
			f.Rectify = Rectification{Variant: variant, Record: "《移民安置登记表》中林小满的出生日期登记为1970年1月1日", Result: "已将出生日期由1970年1月1日更正为1990年1月1日。", On: date.Must(2026, 2, 20),
				Organ: Organ{Name: "青禾市公安局", Contact: "电话0000-5550110，地址桑园街10号"}}
		})
	}
	add("L33", "L33", rectify("corrected"))
	sent := rectify("sent")
	sent.Rectify.Result = "该记录来自户籍登记。"
	add("L33-sent", "L33", sent)
	on(2026, 2, 25, "L34", "L34", with(func(f *Facts) {
		f.Reasons = deferred
		f.Deferral = Deferral{Due: date.Must(2026, 4, 30), Reason: "申请公开的信息共86项，分散在7个科室的档案中"}
	}))

	joint := base()
	joint.Request.Text = "青禾河防洪堤加固工程的竣工验收报告、施工日志和验收组讨论记录"
	joint.Answers = []Answer{
		{About: "关于竣工验收报告", Outcome: "open", Provided: report[:1]},
		{About: "关于施工日志", Outcome: "unable.nohold", Variant: "absent", Search: search()},
		{About: "关于验收组讨论记录", Outcome: "deny.process", Class: "讨论记录", Reason: "该记录是验收结论形成前的内部讨论。"},
	}
	joint.Enclosures = []string{"青禾河防洪堤加固工程竣工验收报告"}
	add("joint", "L12", joint)
	guardian := answered(Answer{Outcome: "open", Provided: report[:1]})
	guardian.Applicant = Applicant{Type: "natural", Name: "林小苗", Guardian: "林小满"}
	add("guardian", "L10", guardian)

	all = append(all, sample{"L13-before-2024", "L13", answered(Answer{Outcome: "deny.secret", Reason: "该报告已依法确定为国家秘密，保密期限尚未届满。"}), date.Must(2023, 12, 29)})
	last := &all[len(all)-1].facts
	last.Request.Text = "2022年青禾河防洪堤加固工程的竣工验收报告"
	last.Number, last.Request.Received, last.Request.Number = "青水公开〔2023〕80号", date.Must(2023, 12, 4), "2023-080"
	last.Remedy.Review = []string{"青禾市人民政府", "云岭省水利厅"}

	add("application-blank", Application, Facts{})
	filled := base()
	filled.Applicant.Workplace = "青禾市第二中学"
	add("application", Application, filled)
	register := base()
	register.Request.Register = []Entry{
		{On: date.Must(2026, 1, 28), Act: "收到申请，登记，出具回执", By: "赵青"}, {On: date.Must(2026, 2, 5), Act: "书面征求第三方意见", By: "赵青"},
		{On: date.Must(2026, 2, 27), Act: "作出答复（青水公开〔2026〕15号），邮寄送达", By: "赵青"},
	}
	add("register", Register, register)
	approval := partial
	approval.Review.Drafted = "拟部分公开：提供验收报告，不予公开施工工艺参数、个人联系电话和讨论记录。依据：条例第十五条、第十六条第二款、第三十七条。"
	add("approval-blank", Approval, approval)
	signed := approval
	signed.Review.Opinions = []Opinion{
		{Role: "合法性审查意见", Text: "依据适当，程序合法。", Name: "吴松", On: date.Must(2026, 2, 26)},
		{Role: "保密审查意见", Text: "不涉及国家秘密。", Name: "郑竹", On: date.Must(2026, 2, 26)},
		{Role: "负责人意见", Text: "同意。", Name: "孙柏", On: date.Must(2026, 2, 27)},
	}
	add("approval", Approval, signed)
	add("receipt", ServiceReturn, partial)
	return all
}

func drafted(t *testing.T, s sample) *Letter {
	t.Helper()
	l, err := Draft(s.code, s.facts, s.on)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return l
}
