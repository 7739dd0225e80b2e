package statute

import "gongkai/internal/date"

// Instruments on what an applicant can do against a reply.
var (
	// Reconsideration2017 is the reconsideration law as amended in 2017: what was decided before
	// 2024 is told under it.
	Reconsideration2017 = &Instrument{
		ID: "reconsideration-2017", Name: "《中华人民共和国行政复议法》", Short: "行政复议法", Number: "2017年修正",
		Since: date.Must(2018, 1, 1), Until: date.Must(2023, 12, 31), English: "Administrative Reconsideration Law (2017)",
	}
	// Litigation2017 is the administrative litigation law as amended in 2017.
	Litigation2017 = &Instrument{
		ID: "litigation-2017", Name: "《中华人民共和国行政诉讼法》", Short: "行政诉讼法", Number: "2017年修正",
		Since: date.Must(2017, 7, 1), English: "Administrative Litigation Law (2017)",
	}
	// Trial2025 interprets both laws for suits about government information; 第二条第二款 applies
	// 复议前置 to them.
	Trial2025 = &Instrument{
		ID: "trial-2025", Name: "《最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释》", Short: "法释〔2025〕8号",
		Number: "法释〔2025〕8号", Since: date.Must(2025, 6, 1), English: "Interpretation on Trying Cases of Open Government Information (2025)",
	}
)
