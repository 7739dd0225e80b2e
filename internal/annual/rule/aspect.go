package rule

import (
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// aspects: section one reports on five aspects, a government's also on assessment.
//
// 《年报格式》第一部分“总体情况”: 主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障; 条例
// 第五十条第一款第（四）项：“……各级人民政府的政府信息公开工作年度报告还应当包括工作考核、社会评议和责任
// 追究结果情况” (R-AR-00b). What counts as covering an aspect is our reading, so a gap is at most
// a warning.
var aspects = check.Rule[*Subject]{
	Code: "R-AR-00b", Severity: check.Warning, Since: statute.AnnualForm2021.Since,
	Cite: statute.AnnualForm2021.Whole("第一部分"), Title: i18n.M("rule.aspects.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		def, sec := s.Form.Section("s1"), s.Section("s1")
		if len(def.Mentions) == 0 || sec == nil || sec.Missing {
			return nil
		}
		at := []check.Quote{{At: sec.Heading.At, Label: i18n.M("rule.at.heading"), Text: sec.Heading.Text}}
		text := s.ownWords()
		var out []check.Finding
		if lacking := lacking(text, def.Mentions); len(lacking) > 0 {
			f := check.Finding{Message: i18n.M("rule.aspects", "aspects", lacking, "n", len(lacking)), Places: at}
			if len(lacking) < 3 {
				f.Severity = check.Info
			}
			out = append(out, f)
		}
		if s.kind == agency.Government {
			if lacking := lacking(text, def.GovernmentMentions); len(lacking) > 0 {
				out = append(out, check.Finding{
					Severity: check.Info, Cite: statute.OGI2019.Art(50, 1, 4), Places: at,
					Message: i18n.M("rule.aspects.government", "aspects", lacking),
				})
			}
		}
		return out
	},
}

// synonyms are the words that real reports use for an aspect.
var synonyms = map[string][]string{
	"主动公开":       {"主动公开", "公开信息", "公开政府信息", "公开各类", "发布信息", "发布各类", "发布政务", "信息发布", "发布政府信息", "政务信息", "刊发"},
	"依申请公开":      {"依申请公开", "公开申请", "信息公开申请", "申请公开"},
	"政府信息管理":     {"信息管理", "保密审查", "发布审查", "公开审查", "信息审核", "审核发布", "先审后发", "三审", "公开属性", "公开目录", "动态调整", "规范性文件管理"},
	"政府信息公开平台建设": {"平台建设", "公开平台", "网站", "专栏", "新媒体", "公众号"},
	"监督保障":       {"监督保障", "监督", "考核", "培训", "组织领导", "领导小组", "督查", "检查", "工作机制保障", "评议", "领导体制"},
	"工作考核":       {"考核", "考评"},
	"社会评议":       {"社会评议", "评议", "满意度", "社会评价"},
	"责任追究结果":     {"责任追究", "追责", "问责"},
}

func lacking(text string, aspects []string) []string {
	var out []string
	for _, a := range aspects {
		if !mentions(text, synonyms[a]) {
			out = append(out, a)
		}
	}
	return out
}

func mentions(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// ownWords is section one without the names of the sections, which an opening that only
// lists the report's contents would otherwise pass for the contents.
func (s *Subject) ownWords() string {
	var b strings.Builder
	for _, p := range s.passages {
		if p.section == "s1" {
			b.WriteString(p.text.Text)
		}
	}
	text := b.String()
	for _, def := range s.Form.Sections {
		text = strings.ReplaceAll(text, def.Heading, "")
	}
	return strings.ReplaceAll(text, "政府信息公开条例", "")
}
