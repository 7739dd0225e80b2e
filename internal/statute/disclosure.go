package statute

import "gongkai/internal/date"

// Instruments on what is published of an agency's own accord. A zero Since means that the day
// was not read in the source.
var (
	// RuleMaking2017 is the procedure of making rules.
	RuleMaking2017 = &Instrument{
		ID: "rule-making-2017", Name: "《规章制定程序条例》", Short: "规章制定程序条例", Number: "国令第695号",
		Since: date.Must(2018, 5, 1), English: "Regulations on the Procedure of Making Rules (2017)",
	}
	// Normative2018 is the notice on making and supervising normative documents.
	Normative2018 = &Instrument{
		ID: "normative-2018", Name: "《国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知》", Short: "国办发〔2018〕37号",
		Number: "国办发〔2018〕37号", Since: date.Must(2018, 5, 16), English: "Notice on Normative Documents (2018)",
	}
	// Review2018 is the guidance on the legal review of normative documents.
	Review2018 = &Instrument{
		ID: "legal-review-2018", Name: "《国务院办公厅关于全面推行行政规范性文件合法性审核机制的指导意见》", Short: "国办发〔2018〕115号",
		Number: "国办发〔2018〕115号", English: "Guidance on the Legal Review of Normative Documents (2018)",
	}
	// Business2019 is the regulation on the business environment.
	Business2019 = &Instrument{
		ID: "business-2019", Name: "《优化营商环境条例》", Short: "优化营商环境条例", Number: "国令第722号",
		Since: date.Must(2020, 1, 1), English: "Regulations on Optimizing the Business Environment (2019)",
	}
	// Interpretation2016 asks for interpretations within three working days.
	Interpretation2016 = &Instrument{
		ID: "interpretation-2016", Name: "《2016年政务公开工作要点》", Short: "国办发〔2016〕19号", Number: "国办发〔2016〕19号",
		English: "Key Points of Openness of Government Affairs (2016)",
	}
	// Attribute2016 fixes the attribute of a document when it is drafted.
	Attribute2016 = &Instrument{
		ID: "attribute-2016", Name: "《〈关于全面推进政务公开工作的意见〉实施细则》", Short: "国办发〔2016〕80号", Number: "国办发〔2016〕80号",
		English: "Rules for Implementing the Opinions on Openness of Government Affairs (2016)",
	}
	// Credit2018 is the guidance on publishing licences and penalties (双公示).
	Credit2018 = &Instrument{
		ID: "credit-2018", Name: "《关于进一步完善行政许可和行政处罚等信用信息公示工作的指导意见》", Short: "发改办财金〔2018〕424号",
		Number: "发改办财金〔2018〕424号", English: "Guidance on Publishing Licences and Penalties (2018)",
	}
	// Penalty2021 is the law on administrative penalties.
	Penalty2021 = &Instrument{
		ID: "penalty-2021", Name: "《中华人民共和国行政处罚法》", Short: "行政处罚法", Number: "2021年修订",
		Since: date.Must(2021, 7, 15), English: "Administrative Penalties Law (2021)",
	}
	// Licence2019 is the law on administrative licences.
	Licence2019 = &Instrument{
		ID: "licence-2019", Name: "《中华人民共和国行政许可法》", Short: "行政许可法", Number: "2019年修正",
		Since: date.Must(2019, 4, 23), English: "Administrative Licence Law (2019)",
	}
	// Personal2021 is the law on the protection of personal information.
	Personal2021 = &Instrument{
		ID: "personal-2021", Name: "《中华人民共和国个人信息保护法》", Short: "个人信息保护法", Number: "2021年",
		Since: date.Must(2021, 11, 1), English: "Personal Information Protection Law (2021)",
	}
)
