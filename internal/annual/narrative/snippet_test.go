package narrative

import (
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/place"
)

// snippet is a passage as reports write it, with the cells it is held against. Bodies are
// invented. Cells not named hold zero.
type snippet struct {
	name  string
	body  string // 某局 unless it is a government or an office
	text  string
	cells string
	want  []string
}

const (
	bureau     = "示范市林业局"
	district   = "示范市样例区人民政府"
	office     = "样例区人民政府办公室"
	township   = "样例区试点镇人民政府"
	reportYear = 2024
)

var snippets = []snippet{
	// requests received
	{"received, as in the table", bureau, "2024年，我局共收到政府信息公开申请17件，均按期答复。", "new=17 open=17", []string{"ok R-AR-14 17=17"}},
	{"received, not as in the table", bureau, "2024年，我局共收到政府信息公开申请17件，均按期答复。", "new=18 open=18", []string{"error R-AR-14 17≠18"}},
	{"number before its noun", bureau, "全年共收到8份政府信息公开申请。", "new=8 open=8", []string{"ok R-AR-14 8=8"}},
	{"Chinese numerals", bureau, "全年收到政府信息公开申请十七件。", "new=16 open=16", []string{"error R-AR-14 17≠16"}},
	{"carried-over requests are counted in", bureau, "全年共收到政府信息公开申请36件（含上年结转2件）。", "new=34 in=2 open=36", []string{"ok R-AR-14 36=34+2=36", "ok R-AR-14 2=2"}},
	{"handled may be what was finished", bureau, "2024年共办理依申请公开事项35件。", "new=34 in=2 out=1 open=35", []string{"ok R-AR-14 35=35"}},
	{"handled is none of them", bureau, "2024年共办理依申请公开事项40件。", "new=34 in=2 out=1 open=35", []string{"error R-AR-14 40≠34"}},
	{"accepted fewer than received", bureau, "本年度共受理政府信息公开申请2件，均已在法定期限内答复。", "new=3 open=3", []string{"explain R-AR-14 2≠3"}},
	{"approximate number that fits", bureau, "全年收到政府信息公开申请120余件。", "new=123 open=123", []string{"ok R-AR-14 120=123"}},
	{"approximate number that does not fit", bureau, "全年收到政府信息公开申请近200件。", "new=123 open=123", []string{"explain R-AR-14 200≠123"}},
	{"bare 共收到 under its heading", bureau, "（二）依申请公开情况。全年共收到7件，均已答复。", "new=9 open=9", []string{"explain R-AR-14 7≠9"}},
	{"another year", bureau, "2023年，我局收到政府信息公开申请12件。2024年收到17件。", "new=17 open=17", []string{"ok R-AR-14 17=17"}},
	{"the whole of another year", bureau, "2023年全年收到政府信息公开申请12件，办结12件。", "new=17 open=17", nil},
	{"this year after a word on the last", bureau, "对照上年度存在的问题，严格落实每件申请专人负责的要求，全年共收到政府信息公开申请16件。", "new=17 open=17", []string{"error R-AR-14 16≠17"}},
	{"a bureau's own office", bureau, "由局办公室牵头办理，全年共收到政府信息公开申请16件。", "new=17 open=17", []string{"error R-AR-14 16≠17"}},
	{"a bureau's branches", bureau, "各分局共收到政府信息公开申请6件。", "new=17 open=17", []string{"explain R-AR-14 6≠17"}},
	{"the year before, compared", bureau, "全年收到政府信息公开申请17件，较2023年的12件增加5件，增长41.7%。", "new=17 open=17", []string{"ok R-AR-14 17=17", "ok R-AR-24 5÷12=41.67%≈41.7%"}},
	{"growth without the number before", bureau, "全年受理政府信息公开申请17件，同比增长35%。", "new=17 open=17", []string{"ok R-AR-14 17=17"}},
	{"first half only", bureau, "上半年收到政府信息公开申请9件。", "new=17 open=17", nil},
	{"since the regulation came into force", bureau, "《条例》施行以来，累计受理政府信息公开申请230件。", "new=17 open=17", nil},
	{"by channel", bureau, "全年收到政府信息公开申请17件，其中网络申请10件、信函申请5件、当面申请2件。", "new=17 open=17", []string{"ok R-AR-14 17=17", "ok R-AR-24 10+5+2=17"}},
	{"by channel, too many", bureau, "全年收到政府信息公开申请17件，其中网络申请10件、信函申请6件、当面申请2件。", "new=17 open=17", []string{"ok R-AR-14 17=17", "error R-AR-24 10+6+2=18≠17"}},
	{"by applicant", bureau, "全年收到政府信息公开申请17件，其中自然人申请15件，法人或其他组织申请2件。", "new=17 open=17 natural=15 biz=2",
		[]string{"ok R-AR-14 17=17", "ok R-AR-14 15=15", "ok R-AR-14 2=2", "ok R-AR-24 15+2=17"}},
	{"by applicant, not as in the table", bureau, "全年收到政府信息公开申请17件，其中自然人申请14件，法人或其他组织申请3件。", "new=17 open=17 natural=15 biz=2",
		[]string{"ok R-AR-14 17=17", "explain R-AR-14 14≠15", "explain R-AR-14 3≠2", "ok R-AR-24 14+3=17"}},
	{"two divisions after one 其中", bureau, "共收到申请公开件50件，其中自然人40件，法人10件，予以公开30件，部分公开20件。", "new=50 natural=40 biz=10 open=30 partial=20",
		[]string{"ok R-AR-14 50=50", "ok R-AR-14 40=40", "ok R-AR-14 10=10", "ok R-AR-14 30=30", "ok R-AR-14 20=20", "ok R-AR-24 40+10=50"}},
	{"by subject", bureau, "全年受理政府信息公开申请50件，其中涉及林地征收的信息公开申请30件、规划类申请15件。", "new=50 open=50", []string{"ok R-AR-14 50=50"}},
	{"none received, rightly", bureau, "2024年，我局未收到政府信息公开申请。", "", []string{"ok R-AR-14 0=0"}},
	{"none received, but the table has some", bureau, "2024年，我局未收到政府信息公开申请。", "new=2 open=2", []string{"error R-AR-14 0≠2"}},
	{"no application for a licence", bureau, "全年未收到行政许可申请。", "new=2 open=2", nil},
	{"other things received", bureau, "（二）依申请公开情况。全年收到咨询电话120次、信访件12件、网民留言33条，均已回复。", "new=2 open=2", nil},
	{"whole region", district, "2024年全区共收到政府信息公开申请95件。", "new=95 open=95", []string{"ok R-AR-14 95=95"}},
	{"whole region, wrong", district, "2024年全区共收到政府信息公开申请93件。", "new=95 open=95", []string{"error R-AR-14 93≠95"}},
	{"one office of a region", district, "区政府办公室受理政府信息公开申请17件，均已答复。", "new=95 open=95", []string{"explain R-AR-14 17≠95"}},
	{"one office after the whole", district, "全区共收到政府信息公开申请95件，其中区政府办公室收到17件。", "new=95 open=95", []string{"ok R-AR-14 95=95"}},
	{"no scope said by a region", district, "共收到政府信息公开申请17件。", "new=95 open=95", []string{"explain R-AR-14 17≠95"}},
	{"a region by its name", district, "2024年，样例区共收到政府信息公开申请93件。", "new=95 open=95", []string{"error R-AR-14 93≠95"}},
	{"a region's government by its name", district, "2024年，样例区政府共收到政府信息公开申请93件。", "new=95 open=95", []string{"explain R-AR-14 93≠95"}},
	{"the office itself reports", office, "区政府办公室共收到政府信息公开申请17件。", "new=17 open=17", []string{"ok R-AR-14 17=17"}},
	{"a township is no region", township, "我镇共收到政府信息公开申请3件。", "new=4 open=4", []string{"error R-AR-14 3≠4"}},

	// carried over, finished
	{"both carry-overs", bureau, "上年结转2件，本年新收34件，结转下年度办理1件。依申请公开工作平稳。", "new=34 in=2 open=35 out=1", nil},
	{"both carry-overs, with their noun", bureau, "依申请公开方面，上年结转2件，本年新收34件，结转下年度办理1件。", "new=34 in=2 open=35 out=1", []string{"ok R-AR-14 2=2", "ok R-AR-14 34=34", "ok R-AR-14 1=1"}},
	{"carried over, wrong", bureau, "收到政府信息公开申请34件，办结33件，结转2025年继续办理3件。", "new=34 open=33 out=1", []string{"ok R-AR-14 34=34", "ok R-AR-14 33=33", "error R-AR-14 3≠1"}},
	{"number before the carry-over", bureau, "全年共收到依申请公开14件（其中信件申请10件，网络申请4件），已办结12件，2件结转下年办理。", "new=14 open=12 out=2",
		[]string{"ok R-AR-14 14=14", "ok R-AR-24 10+4=14", "ok R-AR-14 12=12", "ok R-AR-14 2=2"}},
	{"the year before named by its number", bureau, "全年办结政府信息公开申请31件，其中1件为2023年结转。", "new=30 in=1 open=31", []string{"ok R-AR-14 31=31", "ok R-AR-14 1=1"}},
	{"all finished, one is not", bureau, "收到政府信息公开申请14件，已全部办结。", "new=14 open=13 out=1", []string{"ok R-AR-14 14=14", "explain R-AR-14 1≠0"}},
	{"rate of finishing, one is not", bureau, "收到政府信息公开申请14件，办结率100%。", "new=14 open=13 out=1", []string{"ok R-AR-14 14=14", "explain R-AR-14 1≠0"}},
	{"none late says nothing of those left", bureau, "收到政府信息公开申请14件，均在法定期限内答复，按时办结率100%。", "new=14 open=13 out=1", []string{"ok R-AR-14 14=14"}},
	{"all, in other words", bureau, "收到政府信息公开申请14件，均已按规定程序办理完毕。", "new=14 open=13 out=1", []string{"ok R-AR-14 14=14", "explain R-AR-14 1≠0"}},
	{"all of those finished", bureau, "全年办结政府信息公开申请13件，均按时办结。", "new=14 open=13 out=1", []string{"ok R-AR-14 13=13"}},
	{"all but those left", bureau, "收到政府信息公开申请14件，除结转下年度1件外，其余已全部办结。", "new=14 open=13 out=1", []string{"ok R-AR-14 14=14", "ok R-AR-14 1=1"}},
	{"proposals all finished", bureau, "全年承办建议提案12件，已全部办结。", "new=14 open=13 out=1", nil},
	{"finished as many as were received, not as the table has", bureau, "受理政府信息公开申请54件，办结54件，办理上年结转2件，结转下年度办理1件。", "new=54 in=2 open=55 out=1",
		[]string{"ok R-AR-14 54=54", "explain R-AR-14 54≠55", "ok R-AR-14 2=2", "ok R-AR-14 1=1"}},
	{"documents, then a sentence of bare numbers", bureau, "全年公开信息309条，其中工作动态信息306条，有效规范性文件2件，通知公告1条。对规范性文件进行全面清理，本年度制发0件，废止0件，现行有效2件。", "in_force=2",
		[]string{"ok R-AR-24 306+2+1=309", "ok R-AR-14 2=2", "ok R-AR-14 0=0", "ok R-AR-14 0=0", "ok R-AR-14 2=2"}},
	{"a share of another year in brackets", bureau, "共收到信息公开申请22起，比2023年（31起）下降29%，答复22起。其中公开1起，不属于政府信息4起，告知其他途径3起，不存在9起，属于行政执法案卷5起。", "new=22 open=8 unable.nohold=9 deny.casefile=5",
		[]string{"ok R-AR-14 22=22", "ok R-AR-14 22=22", "ok R-AR-24 1+4+3+9+5=22", "ok R-AR-14 9=9", "ok R-AR-14 5=5"}},
	{"finished, wrong", bureau, "全年办结政府信息公开申请30件。", "new=34 open=33 out=1", []string{"error R-AR-14 30≠33"}},

	// outcomes
	{"outcomes, all right", bureau, "办结的申请中，予以公开9件，部分公开1件，不予公开2件，无法提供10件，其他处理4件。", "new=26 open=9 partial=1 deny.process=1 deny.internal=1 unable.nohold=10 other.misc=4",
		[]string{"ok R-AR-14 9=9", "ok R-AR-14 1=1", "ok R-AR-14 2=1+1=2", "ok R-AR-14 10=10", "ok R-AR-14 4=4"}},
	{"outcome wrong", bureau, "所有申请中，予以公开8件，不予公开3件。", "new=12 open=9 deny.process=3", []string{"error R-AR-14 8≠9", "ok R-AR-14 3=3"}},
	{"two outcomes in one number", bureau, "收到政府信息公开申请95件。所有答复件中，予以公开及部分公开的42件，占44.21%；因本机关不掌握等原因无法提供的53件，占55.79%。", "new=95 open=30 partial=12 unable.nohold=50 unable.make=3",
		[]string{"ok R-AR-14 95=95", "ok R-AR-14 42=30+12=42", "ok R-AR-24 42+53=95", "ok R-AR-14 53=50+3=53", "ok R-AR-24 42÷95=44.21%≈44.21%", "ok R-AR-24 53÷95=55.79%≈55.79%"}},
	{"reasons", bureau, "不予公开的申请3件，其中属于国家秘密1件，属于四类过程性信息2件。", "new=3 deny.secret=1 deny.process=2",
		[]string{"ok R-AR-14 3=1+2=3", "ok R-AR-14 1=1", "ok R-AR-14 2=2", "ok R-AR-24 1+2=3"}},
	{"outcomes with a bracketed carry-over", bureau, "办结依申请公开件177件（含2023年结转的3件），其中，予以公开60件，部分公开51件，不予公开4件，无法提供30件，不予处理3件，其他处理29件。",
		"new=176 in=3 out=2 open=60 partial=51 deny.third=4 unable.nohold=30 noproc.repeat=3 other.misc=29",
		[]string{"ok R-AR-14 177=177", "ok R-AR-14 3=3", "ok R-AR-14 60=60", "ok R-AR-14 51=51", "ok R-AR-14 4=4", "ok R-AR-14 30=30", "ok R-AR-14 3=3", "ok R-AR-14 29=29", "ok R-AR-24 60+51+4+30+3+29=177"}},

	// documents and decisions
	{"issued, repealed, in force", bureau, "2024年共制发行政规范性文件12件，废止3件，现行有效25件。", "issued=12 repealed=3 in_force=25", []string{"ok R-AR-14 12=12", "ok R-AR-14 3=3", "ok R-AR-14 25=25"}},
	{"issued, wrong", bureau, "2024年制定行政规范性文件4件。", "issued=5 in_force=9", []string{"error R-AR-14 4≠5"}},
	{"published is not issued", bureau, "今年共公开规范性文件7件。", "issued=2 in_force=2", []string{"explain R-AR-14 7≠2"}},
	{"published are all in force", bureau, "在网站集中公开现行有效规范性文件25件。", "issued=2 in_force=25", []string{"ok R-AR-14 25=25"}},
	{"documents cleared up or reviewed are others", bureau, "对32件规范性文件开展清理，审查备案规范性文件15件，发布政策解读8篇。", "issued=2 in_force=25", nil},
	{"a document cited by number", bureau, "印发《关于加强规范性文件管理的通知》（示林发〔2024〕4号），落实国令第711号第二十条。", "issued=2 in_force=25", nil},
	{"decisions", bureau, "全年作出行政许可决定93件，行政处罚2件，未实施行政强制。", "license=93 penalty=3", []string{"ok R-AR-14 93=93", "explain R-AR-14 2≠3", "ok R-AR-14 0=0"}},
	{"published decisions are another count", bureau, "在“双公示”平台公示行政许可信息120条、行政处罚信息7条。", "license=93 penalty=3", nil},
	{"fee income in another unit", bureau, "全年行政事业性收费77302800元。", "fees=7730.28", []string{"ok R-AR-14 7730.28=7730.28"}},

	// reviews and suits
	{"reviews and suits", bureau, "因政府信息公开被申请行政复议3件，被提起行政诉讼1件。", "rev.upheld=2 rev.corrected=1 direct.upheld=1", []string{"ok R-AR-14 3=3", "ok R-AR-14 1=1"}},
	{"reviews, wrong", bureau, "全年因政府信息公开被申请行政复议4件，其中维持2件、纠正1件。", "rev.upheld=2 rev.corrected=1", []string{"error R-AR-14 4≠3", "ok R-AR-14 2=2", "ok R-AR-14 1=1"}},
	{"results before their words", bureau, "因政府信息公开被行政复议5宗、行政诉讼0宗，其中2宗维持原答复，1宗结果纠正，1宗其他结果，1宗尚未审结。", "rev.upheld=2 rev.corrected=1 rev.other=1 rev.pending=1",
		[]string{"ok R-AR-14 5=5", "ok R-AR-14 0=0", "ok R-AR-14 2=2", "ok R-AR-14 1=1", "ok R-AR-14 1=1", "ok R-AR-14 1=1"}},
	{"none, but there were", bureau, "未发生因政府信息公开引起的行政复议、行政诉讼案件。", "rev.upheld=1", []string{"error R-AR-14 0≠1"}},
	{"none lost is not none", bureau, "未发生因政府信息公开被行政复议纠错、行政诉讼败诉的情况。", "rev.upheld=1", []string{"ok R-AR-14 0=0"}},
	{"both nought", bureau, "政府信息公开行政复议、行政诉讼均为0件。", "", []string{"ok R-AR-14 0=0"}},
	{"a justice bureau's own work", "示范市司法局", "全年收到行政复议申请320件，审结298件，办理行政应诉案件41件。", "rev.upheld=1", nil},

	{"against the body, the matter not said", bureau, "监督保障到位，被申请行政复议3件、被提起行政诉讼1件。", "rev.upheld=2 direct.upheld=1", []string{"explain R-AR-14 3≠2", "ok R-AR-14 1=1"}},
	{"reviews as many as the table has, the matter not said", bureau, "2024年发生行政复议5件，其中维持4件、纠正1件。", "rev.upheld=3 rev.corrected=2",
		[]string{"ok R-AR-14 5=5", "explain R-AR-14 4≠3", "explain R-AR-14 1≠2", "ok R-AR-24 4+1=5"}},
	{"reviews of another number, the matter not said", bureau, "2024年发生行政复议50件，其中维持40件、纠正10件。", "rev.upheld=3 rev.corrected=2", []string{"ok R-AR-24 40+10=50"}},

	// totals and parts
	{"complete list", bureau, "全年累计公开信息59条，内容涵盖政务信息12条、基层政务8条、工作动态29条、通知公告3条、活动集锦6条以及检查公示1条。", "", []string{"ok R-AR-24 12+8+29+3+6+1=59"}},
	{"complete list, too many", bureau, "市政府网站公开各类信息共计3437条，包括：人事信息12条，政务动态1740条，公告公示225条，解读及回应信息共计110条，其他类信息1827条。", "",
		[]string{"error R-AR-24 12+1740+225+110+1827=3914≠3437"}},
	{"a part larger than its whole", bureau, "全年发布信息50条，其中政务动态60条、通知公告5条。", "", []string{"error R-AR-24 60+5=65≠50"}},
	{"a problem may lie in two places", bureau, "第三方监测发现问题125个，涉及网站68个、新媒体90个。", "", nil},
	{"one case may please and be early", bureau, "全年办理事项345件，其中提前办结300件，满意340件。", "", nil},
	{"list ends with the rest, too few", bureau, "全年发布信息300条，其中动态类100条，公告类50条，其他信息120条。", "", []string{"error R-AR-24 100+50+120=270≠300"}},
	{"其中 names some", bureau, "全年发布信息300条，其中动态类100条，公告类50条。", "", nil},
	{"分别为 names all", bureau, "全年举办培训、座谈、调研活动共20次，分别为8次、6次、5次。", "", []string{"error R-AR-24 8+6+5=19≠20"}},
	{"proposals, wrong", bureau, "全年承办人大代表建议、政协委员提案共17件，其中人大建议6件、政协提案10件。", "", []string{"error R-AR-24 6+10=16≠17"}},
	{"total behind its parts", bureau, "全年承办市人大建议6件、政协提案11件，共17件。", "", []string{"ok R-AR-24 6+11=17"}},
	{"total behind its parts, wrong", bureau, "全年承办市人大建议6件、政协提案11件，共计18件。", "", []string{"error R-AR-24 6+11=17≠18"}},
	{"main and joint handling cut across", bureau, "全年承办建议提案17件，其中人大建议6件、政协提案11件，主办件9件、会办件8件。", "", []string{"ok R-AR-24 6+11=17"}},
	{"sentences later", bureau, "全年通过不同渠道公开政务信息217条。目前公开的渠道主要有网站和公众号。其中，门户网站公开125条，微信公众号公开92条。", "", []string{"ok R-AR-24 125+92=217"}},
	{"one thing on several channels", bureau, "全年发布信息100条，其中网站发布90条，微信发布60条。", "", []string{"explain R-AR-24 90+60=150≠100"}},
	{"approximate total", bureau, "全年发布信息600余条，其中网站400条，微信250条。", "", nil},
	{"nested brackets", bureau, "主动公开市政府规章13件（含新制定5件，修改4件，废止4件），其他文件113件。", "", []string{"ok R-AR-24 5+4+4=13"}},
	{"parts of a total with the carry-over", bureau, "收到依申请公开9件，上年转结1件，其中网络申请数5件，信函申请数5件。", "new=9 in=1 open=10", []string{"ok R-AR-14 9=9", "ok R-AR-14 1=1"}},
	{"mixed classifiers that add up", bureau, "共发布政府信息230条，其中：会议信息20条，政策文件30件，其他信息180条。", "", []string{"ok R-AR-24 20+30+180=230"}},

	// shares
	{"shares, right", bureau, "共收到依申请公开件1499件，其中网络申请1303件，占86.92%；信函申请172件，占11.47%；当面申请24件，占1.60%。", "new=1499 open=1499",
		[]string{"ok R-AR-14 1499=1499", "ok R-AR-24 1303+172+24=1499", "ok R-AR-24 1303÷1499=86.92%≈86.92%", "ok R-AR-24 172÷1499=11.47%≈11.47%", "ok R-AR-24 24÷1499=1.60%≈1.6%"}},
	{"share, wrong", bureau, "共发布信息200条，其中政务动态50条，占比35%。", "", []string{"error R-AR-24 50÷200=25.00%≠35%"}},
	{"share of something else", bureau, "共发布信息200条，其中公文50条，占全年公文总数的35%。", "", nil},
	{"growth of an earlier number", bureau, "收到咨询50件，答复45件，收到数比上年增加10件，增长25%。", "", []string{"ok R-AR-24 10÷40=25.00%≈25%"}},
	{"growth from the wrong year", bureau, "全年发布信息50条，比上年增加10条，增长20%。", "", []string{"explain R-AR-24 10÷40=25.00%≠20%"}},
	{"growth, right", bureau, "全年发布信息50条，比上年增加10条，增长25%。", "", []string{"ok R-AR-24 10÷40=25.00%≈25%"}},

	// twice
	{"one total, two values", bureau, "全年主动公开政府信息1136条。\n（五）监督保障情况。今年主动公开政府信息1236条。", "", []string{"explain R-AR-24 1136≠1236"}},
	{"one phrase, two values", bureau, "全年承办人大代表建议和政协提案17件。\n2024年，我局共承办人大代表建议和政协提案18件。", "", []string{"explain R-AR-24 17≠18"}},
	{"one phrase, two lists", bureau, "网站发布信息300条，其中发布政务动态信息60条。微信发布信息200条，其中发布政务动态信息90条。", "", nil},
	{"one phrase, two years", bureau, "2023年承办人大代表建议和政协提案17件。\n2024年承办人大代表建议和政协提案18件。", "", nil},
	{"total and channel", bureau, "全年主动公开政府信息1136条。通过网站公开政府信息1016条，微信发布信息120条。", "", nil},
	{"channel against channel", bureau, "网站发布信息340条，微信公众号发布信息502篇，微博发布信息340条。", "", nil},
	{"full-time and part-time in one sentence", bureau, "配备政务公开专职人员1名、兼职人员2名。", "", nil},
	{"fee, twice", bureau, "全年收取信息处理费400元。\n2024年我局未收取信息公开处理费。", "", []string{"error R-AR-24 400≠0"}},
	{"fee, none twice", bureau, "全年收取信息处理费0元。\n2024年我局未收取信息处理费。", "", nil},

	// whole paragraphs, in the manner of many provinces
	{"an office, with reasons", office, "依法办理依申请公开，全年共收到和办理依申请公开9件，全部为自然人申请，上年度结转政府信息公开申请0件。处理结果中，部分公开2件，因信息不存在的5件，结转至下一年度办理2件。",
		"new=9 natural=9 partial=2 unable.nohold=5 out=2", []string{"ok R-AR-14 9=9", "ok R-AR-14 0=0", "ok R-AR-14 2=2", "ok R-AR-14 5=5", "ok R-AR-14 2=2"}},
	{"applicants of every kind by several ways", "示范市人民政府", "（二）依申请公开情况。2024年度，示范市累计办理公民、法人或其他组织通过市政府门户网站、邮寄等途径依申请公开信息合计12件，已全部按期限答复办结。在依申请公开工作中没有出现应公开而不予公开的办件，未发生因政府信息公开申请行政复议、提起行政诉讼情况。",
		"new=12 open=9 deny.process=3", []string{"ok R-AR-14 12=12", "ok R-AR-14 0=0"}},
	{"region with carry-overs", "样例区", "2024年全区共收到依申请公开件30件，上年度结转办理件1件，共办结24件，结转到2025年办理7件。", "new=30 in=1 open=24 out=7",
		[]string{"ok R-AR-14 30=30", "ok R-AR-14 1=1", "ok R-AR-14 24=24", "ok R-AR-14 7=7"}},
	{"region, rate of finishing below a hundred", district, "2024年，全区共收到信息公开申请件40件，比上一年度增长21%，已按时办结36件，4件结转至下年度继续办理，办结率90%。", "new=40 open=36 out=4",
		[]string{"ok R-AR-14 40=40", "ok R-AR-14 36=36", "ok R-AR-14 4=4", "ok R-AR-24 36÷40=90.00%≈90%"}},
	{"rate, wrong", bureau, "全年收到咨询200件，已答复180件，答复率95%。", "", []string{"explain R-AR-24 180÷200=90.00%≠95%"}},
	{"rate of what was due", bureau, "全年收到咨询200件，已答复180件，按时答复率98%。", "", nil},
	{"answered with what was carried over", office, "2024年，区政府及区政府办公室共收到各类政府信息公开申请60件，较上年度上升261%；答复信息公开申请64件（含上年结转4件），均在法定期限内予以答复。区政府本级涉信息公开申请的行政复议案件10件，行政诉讼案件0件，结果维持2件，结果纠错2件，尚未审结6件。",
		"new=60 in=4 open=64 rev.upheld=2 rev.corrected=2 rev.pending=6",
		[]string{"ok R-AR-14 60=60", "ok R-AR-14 64=64", "ok R-AR-14 4=4", "ok R-AR-14 10=10", "ok R-AR-14 0=0", "ok R-AR-14 2=2", "ok R-AR-14 2=2", "ok R-AR-14 6=6"}},
	{"shares of what was answered", district, "一是2024年共受理依申请公开事项59件，结转上年后新收到依申请公开事项47件，较上一年度增加42件。其中，通过信函申请39件，占83%；电子邮件7件，占14.9%；在线申请1件，占2.1%；当面申请0件，占0%。二是在收到的依申请公开事项中，已答复59件，答复率为100%。其中“予以公开”3件，占已答复件数的5.1%；“部分公开”36件，占61%；“不予公开”2件，占3.4%；“无法提供”18件，占30.5%。",
		"new=47 in=12 open=3 partial=36 deny.third=2 unable.nohold=18",
		[]string{"ok R-AR-14 59=47+12=59", "ok R-AR-14 47=47", "ok R-AR-24 39+7+1=47", "ok R-AR-24 39÷47=82.98%≈83%", "ok R-AR-24 7÷47=14.89%≈14.9%", "ok R-AR-24 1÷47=2.13%≈2.1%",
			"ok R-AR-14 59=59", "ok R-AR-14 3=3", "ok R-AR-14 36=36", "ok R-AR-14 2=2", "ok R-AR-14 18=18", "ok R-AR-24 3+36+2+18=59",
			"ok R-AR-24 3÷59=5.08%≈5.1%", "ok R-AR-24 36÷59=61.02%≈61%", "ok R-AR-24 2÷59=3.39%≈3.4%", "ok R-AR-24 18÷59=30.51%≈30.5%"}},
	{"what was carried over, taken in and out", "示范市", "全市全年新收政府信息公开申请1541件，加上上年结转的，除去本年度结转下年度办理的，共办理政府信息公开申请1527件，其中予以公开或部分公开占58.5%、不予公开占7.3%。全年因政府信息公开申请引起的行政复议93件，行政诉讼19件。",
		"new=1541 in=30 out=44 open=800 partial=93 deny.third=634 rev.upheld=93 direct.upheld=19", []string{"ok R-AR-14 1541=1541", "ok R-AR-14 1527=1527", "ok R-AR-14 93=93", "ok R-AR-14 19=19"}},
	{"documents of another name and number", bureau, "制发规范性文件6个，标注废止文件200个，建立数据集并累计共享数据9亿条。", "issued=6 in_force=40", []string{"ok R-AR-14 6=6"}},
	{"suits pending", office, "全年共收到依申请公开14件，已办结12件，2件结转下年办理。因政府信息公开引起的行政复议案件9件，已审结。行政诉讼案件3件，目前案件正在审理中。",
		"new=14 open=12 out=2 rev.upheld=8 rev.other=1 direct.pending=3", []string{"ok R-AR-14 14=14", "ok R-AR-14 12=12", "ok R-AR-14 2=2", "ok R-AR-14 9=9", "ok R-AR-14 3=3"}},
	{"review and direct suit", office, "2024年，我办共收到依申请公开信件19件，已办结18件。被行政复议1件，为其他结果；未经复议直接起诉1件，为其他结果。", "new=19 open=18 out=1 rev.other=1 direct.other=1",
		[]string{"ok R-AR-14 19=19", "ok R-AR-14 18=18", "ok R-AR-14 1=1", "ok R-AR-14 1=1"}},
	{"finished, with the one carried over, none left", "示范县", "2024年全县共受理30件依申请公开，办结31件（其中1件为2023年结转本年度办理），无结转下年度继续办理。", "new=30 in=1 open=31",
		[]string{"ok R-AR-14 30=30", "ok R-AR-14 31=31", "ok R-AR-14 1=1", "ok R-AR-14 0=0"}},
	{"applicants before their words", bureau, "共收到政府信息公开申请2件（1件属自然人申请，1件属商业企业申请）。", "new=2 natural=1 biz=1 open=2", []string{"ok R-AR-14 2=2", "ok R-AR-14 1=1", "ok R-AR-14 1=1", "ok R-AR-24 1+1=2"}},
	{"named 申请书, counted in 条", bureau, "2024年我局收到政府信息公开申请书58条，已处理54条，结转下年度继续办理4条。", "new=58 open=54 out=4", []string{"ok R-AR-14 58=58", "ok R-AR-14 54=54", "ok R-AR-14 4=4"}},
	{"reviews won by the body's own lawyers", bureau, "全年没有因政府信息公开引发的行政复议被纠错或行政诉讼败诉案件；信访举报0件。", "rev.upheld=2", []string{"ok R-AR-14 0=0"}},
	{"a channel's totals in several accounts", bureau, "官方网站发布各类信息7191条，其中解读材料40条；通过微博、微信公众号分别累计发布信息337条、757条。", "", nil},
	{"one paragraph of a province's office", "示范省人民政府办公厅", "通过门户网站、政府公报等主动公开政府信息345条，其中规章11条、行政规范性文件8条、其他文件102条；工作报告2条（中英文各1条）、建议提案办理信息1条、财政预决算信息4条、政务动态类信息213条、其他信息2条、年度报告2条。",
		"issued=8 in_force=300", []string{"ok R-AR-14 8=8", "ok R-AR-24 11+8+102+2+1+4+213+2+2=345"}},

	{"all received were opened", bureau, "收到政府信息公开申请3项全部予以公开，无上年结转政府信息公开申请。", "new=3 open=3", []string{"ok R-AR-14 3=3", "ok R-AR-14 0=0"}},
	{"none for one cause", bureau, "未发生因答复不当引发的行政复议和行政诉讼。政府信息公开工作平稳。", "rev.upheld=2", nil},
	{"revised and expired are no cells", bureau, "修订规范性文件1件，新制定2件，宣布失效3件。", "issued=2 repealed=1", nil},
	{"outcomes in the body's own words", bureau, "办理依申请公开答复件24件，按时答复率100%，其中公开10件、部分公开2件、不予公开3件、信息不存在5件、非本机关职责3件、重复申请1件。", "new=24 open=10 partial=2 deny.third=3 unable.nohold=8 noproc.repeat=1",
		[]string{"ok R-AR-14 24=24", "ok R-AR-24 10+2+3+5+3+1=24", "ok R-AR-14 2=2", "ok R-AR-14 3=3", "ok R-AR-14 1=1"}},
	{"documents among others", bureau, "发挥门户网站主渠道作用，发布规范性文件及其他主动公开文件29件。", "issued=1", nil},
	{"decisions after a word on publishing", bureau, "加强涉及民生事项的公开，全年行政许可决定278件、行政处罚1217件、行政强制402件、无行政事业性收费。", "license=278 penalty=1217 coercion=400",
		[]string{"ok R-AR-14 278=278", "ok R-AR-14 1217=1217", "explain R-AR-14 402≠400", "ok R-AR-14 0=0"}},
	{"decisions published in one list", bureau, "在网站公开行政许可决定120件、行政处罚决定7件。", "license=278 penalty=1217", nil},
	{"a list within a list", bureau, "全年累计公开政府信息309条。其中，工作情况63条，通知公告13条，指南1条，法定主动公开内容99条（其中：履职依据1条，机构职能8条，规划信息1条，行政许可70条，行政处罚4条，预算决算12条，收费项目1条，其它法定信息2条），年报1条，目录132条（其中：基层政务公开90条，资金7条，年度报告1条，问答4条，公共企事业单位2条，公共服务28条）。", "",
		[]string{"ok R-AR-24 63+13+1+99+1+132=309", "ok R-AR-24 1+8+1+70+4+12+1+2=99", "ok R-AR-24 90+7+1+4+2+28=132"}},
	{"a total behind three clauses", bureau, "主动公开发布基础信息135条，主动公开发布重大建设项目领域信息5条，水利领域信息81条，合计共221条。", "", []string{"ok R-AR-24 135+5+81=221"}},
	{"none, in a sentence of its own", bureau, "定期检查已发布信息，确保信息公开工作顺利开展。年度无行政复议、行政诉讼的情况发生。", "rev.other=1", []string{"error R-AR-14 0≠1"}},
	{"finished and under way", bureau, "受理公民、法人提出的政府信息公开申请9件，其中自然人申请9件，法人或其他组织申请0件。截至2024年12月31日，已办结8件，1件正在办理中，结转至2025年继续办理。", "new=9 natural=9 open=8 out=1",
		[]string{"ok R-AR-14 9=9", "ok R-AR-14 9=9", "ok R-AR-14 0=0", "ok R-AR-14 8=8", "ok R-AR-14 1=1", "ok R-AR-24 9+0=9"}},

	// received and carried over, side by side
	{"finished, after a difference", bureau, "收到申请28件，较上年减少4件；办结31件。依法答复政府信息公开申请。", "new=28 open=30", nil},
	{"finished, after a difference, under its heading", bureau, "（二）依申请公开情况。收到申请28件，较上年减少4件；办结31件。", "new=28 open=30 in=2", []string{"ok R-AR-14 28=28", "error R-AR-14 31≠30"}},
	{"received beside what was carried over", bureau, "（二）依申请公开情况。收到申请30件，上年结转2件，办结29件，结转下年度1件。", "new=28 in=2 open=29 out=1",
		[]string{"explain R-AR-14 30≠28", "ok R-AR-14 2=2", "ok R-AR-14 29=29", "ok R-AR-14 1=1"}},
	{"received with what was carried over", bureau, "（二）依申请公开情况。共收到申请30件，其中上年结转2件，已办结29件，结转下年度1件。", "new=28 in=2 open=29 out=1",
		[]string{"ok R-AR-14 30=28+2=30", "ok R-AR-14 2=2", "ok R-AR-14 29=29", "ok R-AR-14 1=1"}},
	{"all answered, one is not", bureau, "全年收到政府信息公开申请6件，均已答复。", "new=6 open=5 out=1", []string{"ok R-AR-14 6=6", "explain R-AR-14 1≠0"}},
	{"opened with those in part", bureau, "答复政府信息公开申请16件，其中公开类（含部分公开）13件，占81.3%。", "new=16 open=9 partial=4 unable.nohold=3",
		[]string{"ok R-AR-14 16=16", "ok R-AR-14 13=9+4=13", "ok R-AR-24 13÷16=81.25%≈81.3%"}},
	{"documents sorted when drafted", bureau, "（三）政府信息管理情况。全年公文标注公开属性300件，其中主动公开80件、依申请公开120件、不予公开100件。", "new=3 open=3", []string{"ok R-AR-24 80+120+100=300"}},
	{"more decisions published than made", bureau, "行政处罚决定4件、行政许可决定60件均在市政府网站公开。", "license=50 penalty=4", []string{"ok R-AR-14 4=4", "explain R-AR-14 60≠50"}},
	{"fewer decisions published than made", bureau, "行政处罚决定3件、行政许可决定40件均在市政府网站公开。", "license=50 penalty=4", nil},

	{"kinds of accounts with the rest, too many", bureau, "现有政务新媒体20个，其中微信12个、微博5个、其他4个。", "", []string{"explain R-AR-24 12+5+4=21≠20"}},
	{"by quarter, too many", bureau, "组织培训3次，其中一季度2次、三季度2次。", "", []string{"error R-AR-24 2+2=4≠3"}},

	// what is said of all
	{"all natural persons, one is not", bureau, "全年收到政府信息公开申请6件，均为自然人提出。", "new=6 open=6 natural=5 biz=1", []string{"ok R-AR-14 6=6", "error R-AR-14 0≠1"}},
	{"all natural persons", bureau, "全年收到政府信息公开申请6件，均为自然人提出。", "new=6 open=6 natural=6", []string{"ok R-AR-14 6=6"}},
	{"all upheld, one is not", bureau, "因政府信息公开被申请行政复议4件，均获维持。", "rev.upheld=3 rev.other=1", []string{"ok R-AR-14 4=4", "error R-AR-14 4≠3"}},
	{"all upheld", bureau, "因政府信息公开被申请行政复议4件，均获维持。", "rev.upheld=4", []string{"ok R-AR-14 4=4"}},
	{"none carried over, some are", bureau, "严格时限管理，没有结转下年度办理的申请。", "new=6 open=5 out=1", []string{"error R-AR-14 0≠1"}},
	{"channels in a bracket, too many", bureau, "全年收到政府信息公开申请10件（网上6件、信函4件、当面1件）。", "new=10 open=10", []string{"ok R-AR-14 10=10", "error R-AR-24 6+4+1=11≠10"}},
	{"a list after a comparison", bureau, "全年公开信息600条，同比2023年的500条增长20%。其中动态类300条、公告类200条、其他类150条。", "",
		[]string{"ok R-AR-24 600-500=100；100÷500=20.00%≈20%", "error R-AR-24 300+200+150=650≠600"}},
	{"a county's website above all", township, "全年主动公开政府信息260条。\n（四）平台建设情况。通过县政府网站公开政府信息310条。", "", []string{"explain R-AR-24 310>260"}},

	{"all opened, one is not", bureau, "全年收到政府信息公开申请3件，均予以公开。", "new=3 open=2 unable.nohold=1", []string{"ok R-AR-14 3=3", "error R-AR-14 3≠2"}},
	{"all opened", bureau, "全年收到政府信息公开申请3件，全部予以公开。", "new=3 open=3", []string{"ok R-AR-14 3=3"}},
	{"none at all, but one is in the table", bureau, "监督保障有力，未发生行政复议、行政诉讼。", "rev.upheld=1", []string{"explain R-AR-14 0≠1"}},
	{"none of another matter", bureau, "未发生因行政执法引发的行政复议、行政诉讼。", "rev.upheld=1", nil},
	{"decisions with those of years before", bureau, "公示行政许可决定60件（含往年补录5件）。", "license=55", nil},
	{"a total in two classifiers", bureau, "公开公告8篇、动态80条、人事信息4条，共计92条。", "", nil},

	{"the government's rules kept by its office", office, "对区政府规章库21部规章，规范性文件库30件文件校核更新。", "in_force=30", []string{"ok R-AR-14 30=30"}},

	// growth between two years' numbers
	{"growth from last year's number", bureau, "全年公开信息480条，较2023年的400条增长20%。", "", []string{"ok R-AR-24 480-400=80；80÷400=20.00%≈20%"}},
	{"growth from last year's number, wrong", bureau, "全年公开信息480条，比上年的400条增长25%。", "", []string{"error R-AR-24 480-400=80；80÷400=20.00%≠25%"}},
	{"decline from last year's number", bureau, "全年公开信息360条，较上年的400条下降10%。", "", []string{"ok R-AR-24 400-360=40；40÷400=10.00%≈10%"}},

	// totals of what was published
	{"all published, twice", bureau, "（一）主动公开情况。2024年，我局主动公开信息260条，其中动态160条、公告100条。\n（四）平台建设情况。全年共公开信息280条。", "",
		[]string{"ok R-AR-24 160+100=260", "explain R-AR-24 260≠280"}},
	{"all published, then one field", bureau, "（一）主动公开情况。全年主动公开信息260条。\n（二）重点领域情况。在财政资金方面，公开信息60条。", "", nil},
	{"all published, then a channel named before", bureau, "（一）主动公开情况。全年主动公开信息260条。\n（二）平台建设情况。用好局门户网站。全年发布信息210条。", "", nil},
	{"a channel above all", bureau, "全年主动公开政府信息260条。\n（四）平台建设情况。通过门户网站公开政府信息310条。", "", []string{"explain R-AR-24 310>260"}},
	{"news on a channel is not all government information", bureau, "全年主动公开政府信息260条。\n（四）平台建设情况。微信公众号推送信息1310条。", "", nil},

	// a list in paragraphs of its own
	{"list in paragraphs", bureau, "全年发布信息300条，其中：\n1.政务动态100条；\n2.公告公示150条；\n3.其他信息40条。\n下一段说别的事，举办培训2次。", "", []string{"error R-AR-24 100+150+40=290≠300"}},
	{"list in paragraphs that adds up", bureau, "全年发布信息300条，其中：\n（1）政务动态100条；\n（2）公告公示150条；\n（3）其他信息50条。", "", []string{"ok R-AR-24 100+150+50=300"}},

	// things that only look like statements
	{"hotline, meetings, training, followers", bureau, "办理12345热线工单356件，召开政务公开会议4次，举办培训3场120人次，微信公众号粉丝4250人，阅读量12万次。", "new=2 open=2", nil},
	{"next year's plan", bureau, "2025年，我局将制定规范性文件3件，力争公开申请答复满意率达到100%。", "issued=1 in_force=4", nil},
	{"inspections of other bodies", bureau, "全年开展6次全市政府网站抽查，通报问题18个，整改完成18个。", "", nil},
	{"levels and figures of speech", bureau, "落实“三审三校”，围绕四个方面、两大主题，编制五类清单，一是规范，二是提速。", "", nil},
}

// cellsOf reads the cells of a snippet by their short names: new=17 rev.upheld=1. The total
// of the outcomes and those of table four are added up.
func cellsOf(spec string) map[form.Key]decimal.Decimal {
	f := form.ByID("2021")
	v := map[form.Key]decimal.Decimal{}
	for _, c := range f.Cells() {
		v[c.Key] = 0
	}
	named := map[string]string{
		"new": "T3.new.total", "in": "T3.carry_in.total", "out": "T3.carry_out.total", "natural": "T3.new.natural", "biz": "T3.new.biz",
		"issued": "T2.normdocs.issued", "repealed": "T2.normdocs.repealed", "in_force": "T2.normdocs.in_force",
		"license": "T2.license.decisions", "penalty": "T2.penalty.decisions", "coercion": "T2.coercion.decisions", "fees": "T2.fees.amount_wan",
	}
	var done decimal.Decimal
	for _, pair := range strings.Fields(spec) {
		name, value, _ := strings.Cut(pair, "=")
		n := decimal.MustParse(value)
		key, ok := named[name]
		switch {
		case ok:
		case strings.HasPrefix(name, "rev."), strings.HasPrefix(name, "direct."), strings.HasPrefix(name, "after."):
			key = "T4." + strings.Replace(name, "rev.", "review.", 1)
			total := form.Key(key[:strings.LastIndex(key, ".")] + ".total")
			v[total] += n
		default:
			key = "T3.done." + name + ".total"
			done += n
		}
		if _, ok := v[form.Key(key)]; !ok {
			panic("no cell " + key)
		}
		v[form.Key(key)] = n
	}
	v["T3.done.total.total"] = done
	return v
}

func (s snippet) report() *annual.Report {
	r := &annual.Report{Form: form.ByID("2021"), Year: reportYear, Cells: map[form.Key]annual.Cell{}}
	r.Agency.Text = s.body
	sec := annual.Section{Key: "s1", Heading: annual.Text{Text: "一、总体情况"}}
	for i, line := range strings.Split(s.text, "\n") {
		sec.Paragraphs = append(sec.Paragraphs, annual.Text{Text: line, At: place.Place{Block: i + 1, Line: i + 1}})
	}
	r.Sections = []annual.Section{sec}
	for k, v := range cellsOf(s.cells) {
		r.Cells[k] = annual.Cell{State: annual.Printed, Value: v, Raw: v.String()}
	}
	return r
}

// TestPhrases judges sentences in the many ways reports put them.
func TestPhrases(t *testing.T) {
	var s score
	for _, sn := range snippets {
		s.compare(t, sn.name, sn.report(), sn.want)
	}
	t.Logf("%d passages: expected %d, found %d, missed %d, false %d", len(snippets), s.expected, s.found, s.missed, s.false)
}
