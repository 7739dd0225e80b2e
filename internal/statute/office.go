package statute

import "gongkai/internal/date"

// The instruments that what is published is checked against.
var (
	// PersonalInformation2021 is the law on the protection of personal information.
	PersonalInformation2021 = &Instrument{
		ID: "pipl-2021", Name: "《中华人民共和国个人信息保护法》", Short: "个人信息保护法", Number: "2021年主席令第91号",
		Since: date.Must(2021, 11, 1), English: "Personal Information Protection Law (2021)",
	}
	// Secrecy2024 is the law on guarding state secrets as revised in 2024.
	Secrecy2024 = &Instrument{
		ID: "secrecy-2024", Name: "《中华人民共和国保守国家秘密法》", Short: "保守国家秘密法", Number: "2024年修订",
		Since: date.Must(2024, 5, 1), English: "Law on Guarding State Secrets (2024)",
	}
	// SocialAssistance2019 is the regulation on social assistance.
	SocialAssistance2019 = &Instrument{
		ID: "assistance-2019", Name: "《社会救助暂行办法》", Short: "社会救助暂行办法", Number: "2019年修订",
		Since: date.Must(2019, 3, 2), English: "Interim Measures on Social Assistance (2019)",
	}
	// Accessibility2023 is the law on building an accessible environment.
	Accessibility2023 = &Instrument{
		ID: "accessibility-2023", Name: "《中华人民共和国无障碍环境建设法》", Short: "无障碍环境建设法", Number: "2023年主席令第6号",
		Since: date.Must(2023, 9, 1), English: "Accessible Environment Law (2023)",
	}
	// Language2025 is the law on the standard language and script as revised in 2025.
	Language2025 = &Instrument{
		ID: "language-2025", Name: "《中华人民共和国国家通用语言文字法》", Short: "国家通用语言文字法", Number: "2025年修订",
		Since: date.Must(2026, 1, 1), English: "Law on the Standard Spoken and Written Chinese Language (2025)",
	}
	// SiteCheck2019 is the list of indicators government sites are inspected by.
	SiteCheck2019 = &Instrument{
		ID: "site-check-2019", Name: "《政府网站与政务新媒体检查指标》", Short: "检查指标", Number: "国办秘函〔2019〕19号",
		Since: date.Must(2019, 4, 1), English: "Inspection Indicators for Government Websites (2019)",
	}
)
