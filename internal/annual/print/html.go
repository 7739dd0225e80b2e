package print

import (
	"io"
	"regexp"

	"gongkai/internal/annual"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
)

// Site is what the page tags of a government website state (《政府网站发展指引》国办发
// 〔2017〕47号). What is empty is left out of the page, never filled in.
type Site struct {
	Name   string // SiteName
	Domain string // SiteDomain: www.xxx.gov.cn
	IDCode string // SiteIDCode: 政府网站标识码
	Column Column
}

// Column is the column (栏目) a page is published in.
type Column struct {
	Name        string // ColumnName
	Description string // ColumnDescription
	Keywords    string // ColumnKeywords
	Type        string // ColumnType: 信息公开
}

// ErrSiteCode is the error for a site code no government website can have (R-WEB-02).
var ErrSiteCode = &fault.Error{Kind: fault.Invalid, Code: "print.site_code.invalid", Field: "site_code"}

// siteCode is the shape of a 政府网站标识码: six digits of the region and four of the site, or
// bm and eight digits for the State Council's departments (R-WEB-02).
var siteCode = regexp.MustCompile(`^([0-9]{10}|bm[0-9]{8})$`)

// writeHTML prints the report as the page of an article, with the ten tags such a page must
// have as far as their values are known (R-WEB-01). The time of publication is the one given,
// never one made up here (R-WEB-03).
func writeHTML(w io.Writer, r *annual.Report, o Options) error {
	if o.Site.IDCode != "" && !siteCode.MatchString(o.Site.IDCode) {
		return ErrSiteCode.With("code", o.Site.IDCode)
	}
	d := Document(r)
	published := ""
	if !o.PublishedAt.IsZero() {
		published = o.PublishedAt.In(date.China).Format("2006-01-02 15:04")
	}
	var tags []paper.Tag
	var lacking []string
	for _, t := range []paper.Tag{
		{Name: "SiteName", Content: o.Site.Name},
		{Name: "SiteDomain", Content: o.Site.Domain},
		{Name: "SiteIDCode", Content: o.Site.IDCode},
		{Name: "ColumnName", Content: o.Site.Column.Name},
		{Name: "ColumnDescription", Content: o.Site.Column.Description},
		{Name: "ColumnKeywords", Content: o.Site.Column.Keywords},
		{Name: "ColumnType", Content: o.Site.Column.Type},
		{Name: "ArticleTitle", Content: d.Title},
		{Name: "PubDate", Content: published},
		{Name: "ContentSource", Content: publisher(r)},
	} {
		if t.Content == "" {
			lacking = append(lacking, t.Name)
			continue
		}
		tags = append(tags, t)
	}
	if len(lacking) > 0 && o.Notice != nil {
		o.Notice(i18n.M("print.tags.lacking", "tags", lacking))
	}
	return paper.WriteHTML(w, d, tags)
}
