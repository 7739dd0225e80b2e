// Package statute names the instruments the product applies (法规依据): which text, in force
// from when, and how one of its provisions is cited. An amended law is a new Instrument, so
// that what was done under the old one keeps its rule.
package statute

import (
	"fmt"
	"strings"

	"gongkai/internal/date"
)

// Instrument is one version of a law, regulation, form notice or standard.
type Instrument struct {
	ID      string    // stable, for records and links: "ogi-2019"
	Name    string    // full Chinese name with its book-title marks
	Short   string    // how it is cited after its first mention: "条例"
	Number  string    // document number, such as 国令第711号
	Since   date.Date // in force from this day
	Until   date.Date // last day in force; zero while it is
	English string    // English name, for the English face
}

// The instruments cited by the product.
var (
	// OGI2019 is the regulation as revised in 2019.
	OGI2019 = &Instrument{
		ID: "ogi-2019", Name: "《中华人民共和国政府信息公开条例》", Short: "条例", Number: "国令第711号",
		Since: date.Must(2019, 5, 15), English: "Regulations on Open Government Information (2019)",
	}
	// AnnualForm2019 is the trial form of the annual report.
	AnnualForm2019 = &Instrument{
		ID: "annual-form-2019", Name: "《政府信息公开工作年度报告格式（试行）》", Short: "年报格式（试行）",
		Number: "国办公开办函〔2019〕60号", Since: date.Must(2019, 11, 27), Until: date.Must(2021, 9, 25),
		English: "Form of the Annual Report (trial, 2019)",
	}
	// AnnualForm2021 is the form of the annual report in force.
	AnnualForm2021 = &Instrument{
		ID: "annual-form-2021", Name: "《中华人民共和国政府信息公开工作年度报告格式》", Short: "年报格式",
		Number: "国办公开办函〔2021〕30号", Since: date.Must(2021, 9, 26),
		English: "Form of the Annual Report (2021)",
	}
	// ProcessingFee is the fee notice for requests for information.
	ProcessingFee = &Instrument{
		ID: "processing-fee-2020", Name: "《政府信息公开信息处理费管理办法》", Short: "信息处理费管理办法",
		Number: "国办函〔2020〕109号", Since: date.Must(2021, 1, 1), English: "Information Processing Fee Measures",
	}
	// Reconsideration2023 is the reconsideration law as revised in 2023.
	Reconsideration2023 = &Instrument{
		ID: "reconsideration-2023", Name: "《中华人民共和国行政复议法》", Short: "行政复议法", Number: "2023年修订",
		Since: date.Must(2024, 1, 1), English: "Administrative Reconsideration Law (2023)",
	}
	// Legislation2023 is the law on legislation as amended in 2023.
	Legislation2023 = &Instrument{
		ID: "legislation-2023", Name: "《中华人民共和国立法法》", Short: "立法法", Number: "2023年修正",
		Since: date.Must(2023, 3, 15), English: "Legislation Law (2023)",
	}
	// OrgCode is the standard of organisation codes.
	OrgCode = &Instrument{
		ID: "gb-11714", Name: "《全国组织机构代码编制规则》", Short: "GB 11714", Number: "GB 11714-1997",
		Since: date.Must(1998, 1, 1), English: "GB 11714 organisation codes",
	}
	// CreditCode is the standard of unified social credit codes.
	CreditCode = &Instrument{
		ID: "gb-32100", Name: "《法人和其他组织统一社会信用代码编码规则》", Short: "GB 32100", Number: "GB 32100-2015",
		Since: date.Must(2015, 10, 1), English: "GB 32100 unified social credit codes",
	}
	// Layout is the standard of official documents' layout.
	Layout = &Instrument{
		ID: "gb-9704", Name: "《党政机关公文格式》", Short: "GB/T 9704", Number: "GB/T 9704-2012",
		Since: date.Must(2012, 7, 1), English: "GB/T 9704 layout of official documents",
	}
)

// Art cites an article, and where given the paragraph (款) and item (项) in it.
func (i *Instrument) Art(n int, parts ...int) Ref {
	r := Ref{Instrument: i, Article: n}
	if len(parts) > 0 {
		r.Paragraph = parts[0]
	}
	if len(parts) > 1 {
		r.Item = parts[1]
	}
	return r
}

// Whole cites the instrument without an article, or a named place in it such as 表三.
func (i *Instrument) Whole(where string) Ref { return Ref{Instrument: i, Where: where} }

// Ref is a provision: what a rule, an error or a letter rests on.
type Ref struct {
	Instrument               *Instrument
	Article, Paragraph, Item int
	Where                    string
}

// IsZero reports whether r cites nothing.
func (r Ref) IsZero() bool { return r.Instrument == nil }

// String cites in Chinese: 条例第三十三条第二款, 年报格式表三.
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	var b strings.Builder
	b.WriteString(r.Instrument.Short)
	if r.Article > 0 {
		b.WriteString("第" + Numeral(r.Article) + "条")
	}
	if r.Paragraph > 0 {
		b.WriteString("第" + Numeral(r.Paragraph) + "款")
	}
	if r.Item > 0 {
		b.WriteString("第（" + Numeral(r.Item) + "）项")
	}
	b.WriteString(r.Where)
	return b.String()
}

// English cites in English: "Regulations …, art. 33(2)".
func (r Ref) English() string {
	if r.IsZero() {
		return ""
	}
	s := r.Instrument.English
	if r.Article > 0 {
		s += fmt.Sprintf(", art. %d", r.Article)
	}
	if r.Paragraph > 0 {
		s += fmt.Sprintf("(%d)", r.Paragraph)
	}
	if r.Item > 0 {
		s += fmt.Sprintf(" item %d", r.Item)
	}
	if r.Where != "" {
		s += ", " + r.Where
	}
	return s
}

// Numeral writes 1 to 999 in Chinese figures as statutes number their articles.
func Numeral(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	if n < 1 || n > 999 {
		return fmt.Sprint(n)
	}
	var b strings.Builder
	if h := n / 100; h > 0 {
		b.WriteString(digits[h] + "百")
		if n%100 > 0 && n%100 < 10 {
			b.WriteString("零")
		}
	}
	if t := n / 10 % 10; t > 0 {
		if t > 1 || n >= 100 {
			b.WriteString(digits[t])
		}
		b.WriteString("十")
	}
	b.WriteString(digits[n%10])
	return b.String()
}
