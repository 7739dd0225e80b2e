package showcase

import (
	"fmt"

	"gongkai/internal/site"
)

// looks are the sites of the bodies: paths, themes, and which of the marks they lack.
var looks = map[string]site.Site{
	"city":     {Main: true, Theme: site.Vermilion, Operator: "示范市政务公开中心", Contact: "0999-8000001（不受理申请以外的事项）"},
	"civil":    {Slug: "mzj", Theme: site.Azure, Description: "养老服务、社会救助、社会组织和婚姻登记信息", Operator: "示范市民政局办公室", Contact: "0999-8000002"},
	"justice":  {Slug: "sfj", Theme: site.Vermilion, Contact: "0999-8000003"},
	"science":  {Slug: "kjj", Theme: site.Azure},
	"district": {Slug: "ylq", Theme: site.Azure, Operator: "样例区人民政府办公室", Contact: "0999-8000005"},
}

// makeSites gives every body a site. Their numbers are those of no site, and nobody brought a
// picture of the emblem.
func (b *builder) makeSites() error {
	b.at(b.ago(start-2), 9, 0)
	for key, s := range looks {
		t := b.bodies[key]
		s.Agency = t.agency.ID
		if key == "city" {
			s.ICP, s.Police = "示ICP备00000000号", "示公网安备00000000000000号"
			s.FaultURL, s.MarkURL = "https://zhaocuo.shifan.example/", "https://biaoshi.shifan.example/"
		}
		if _, err := b.Sites.Change(b.ctx, b.program, s); err != nil {
			return fmt.Errorf("site of %s: %w", t.Name, err)
		}
	}
	return nil
}
