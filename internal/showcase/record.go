package showcase

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
)

// makeNormative registers the normative documents each body brought along: in force, near
// their end, expired and repealed.
func (b *builder) makeNormative() error {
	for _, t := range b.bodies {
		officer, err := t.who(actor.Officer)
		if err != nil {
			return err
		}
		b.at(b.ago(2), 9, 30)
		texts, err := b.rulings(t)
		if err != nil {
			return err
		}
		for i, one := range texts {
			published := date.Of(one.PublishedAt.In(date.China))
			r := normative.Record{
				Agency: t.agency.ID, Kind: normative.Document, State: normative.InForce, Item: one.Item, Interpret: i%2 == 0,
				Title: one.Title, DocNo: one.DocNo, IssuedOn: one.FormedOn, PublishedOn: published, EffectiveOn: published.Plus(5),
				ExpiresOn: published.Plus(5).PlusMonths(60).Plus(-1),
			}
			switch i {
			case 1:
				r.ExpiresOn = b.today.Plus(70)
			case 2:
				r.State, r.ExpiresOn = normative.Expired, b.ago(30)
			case 3:
				r.State, r.EndedOn, r.EndedBy = normative.Repealed, b.ago(22), fmt.Sprintf("%s〔%d〕%d号", t.Prefix, b.today.Year(), 130)
				r.Reason = "由新办法取代"
			}
			if _, err := b.Normative.Register(b.ctx, officer, r); err != nil {
				return fmt.Errorf("%s: %w", r.Title, err)
			}
		}
	}
	return nil
}

// rulings are the documents a body brought along that lay down rules, the oldest first.
func (b *builder) rulings(t *town) (all []disclosure.Row, err error) {
	policies, err := b.Reader.Policies(b.ctx, t.agency.ID, perBody)
	for _, one := range slices.Backward(policies) {
		if strings.Contains(one.Title, "办法》的通知") && one.DocNo != "" {
			all = append(all, one.Row)
		}
	}
	return all, err
}

// makeCredit imports licences and penalties as their owners hand them in, shows most of
// them, and leaves some near and past their last day.
func (b *builder) makeCredit() error {
	t := b.bodies["civil"]
	editor, err := t.who(actor.Editor)
	if err != nil {
		return err
	}
	publisher, err := t.who(actor.Publisher)
	if err != nil {
		return err
	}
	b.at(b.ago(2), 11, 0)
	for _, in := range []credit.Import{
		{Kind: credit.Licence, Name: "行政许可.csv", Data: []byte(t.licences(b))},
		{Kind: credit.Penalty, Name: "行政处罚.csv", Data: []byte(t.penalties(b))},
	} {
		in.Agency = t.agency.ID
		rep, err := b.Credit.Import(b.ctx, editor, in)
		if err != nil {
			return err
		}
		if rep.New == 0 {
			return fmt.Errorf("%s: nothing was imported: %+v", in.Name, rep.Faults)
		}
	}
	page, err := b.Credit.List(b.ctx, publisher, credit.Filter{Agency: t.agency.ID})
	if err != nil {
		return err
	}
	var ids []string
	for _, one := range page.Decisions {
		if one.State == credit.Recorded && one.DecidedOn.Before(b.ago(9)) && len(ids) < 14 {
			ids = append(ids, one.ID)
		}
	}
	if _, err = b.Credit.Publish(b.ctx, publisher, ids); err != nil {
		return err
	}
	amount, err := decimal.Parse("12.35")
	if err != nil {
		return err
	}
	officer, err := t.who(actor.Officer)
	if err != nil {
		return err
	}
	_, err = b.Credit.Collect(b.ctx, officer, credit.Fee{Agency: t.agency.ID, Year: int64(b.today.Year()), Name: "殡葬服务收费",
		Basis: "示范价〔2024〕6号", Standard: "见收费目录", Amount: amount})
	return err
}

// licences are the rows of a file of licences.
func (t *town) licences(b *builder) string {
	var s strings.Builder
	s.WriteString("行政相对人名称,行政相对人类别,统一社会信用代码,行政许可决定文书名称,行政许可决定文书号,许可类别,许可内容,许可决定日期,有效期自,有效期至,许可机关,许可机关统一社会信用代码,当前状态,数据来源单位,数据来源单位统一社会信用代码\n")
	for i := range 12 {
		day := b.ago(3 + 6*i)
		fmt.Fprintf(&s, "示范市样例%d号社会服务中心,法人及非法人组织,%s,准予登记决定书,示民许〔%d〕%d号,登记,准予民办非企业单位成立登记,%s,%s,%s,%s,%s,有效,%s,%s\n",
			i+1, "52999901990000068A", day.Year(), 100+i, day, day, day.PlusMonths(48), t.Name, t.Credit, t.Name, t.Credit)
	}
	return s.String()
}

// penalties are the rows of a file of penalties.
func (t *town) penalties(b *builder) string {
	var s strings.Builder
	s.WriteString("行政相对人名称,行政相对人类别,统一社会信用代码,行政处罚决定书文号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,处罚决定日期,公示截止期,处罚机关,处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码\n")
	for i := range 8 {
		day := b.ago(4 + 8*i)
		fmt.Fprintf(&s, "示范市样例%d号养老服务有限公司,法人及非法人组织,%s,示民罚〔%d〕%d号,未按规定备案,未按规定办理养老机构备案,《养老机构管理办法》第四十六条,警告,警告并责令改正,0,%s,%s,%s,%s,%s,%s\n",
			i+1, "919999019900000764", day.Year(), 20+i, day, day.PlusMonths(12), t.Name, t.Credit, t.Name, t.Credit)
	}
	return s.String()
}

// makeGuides fills the cards of the bodies and publishes their guides, but one.
func (b *builder) makeGuides() error {
	for key, t := range b.bodies {
		officer, err := t.who(actor.Officer)
		if err != nil {
			return err
		}
		b.at(b.ago(30), 9, 0)
		_, err = b.Agencies.SetContact(b.ctx, officer, agency.Contact{
			Agency: t.agency.ID, Office: t.Office, Address: t.Address, Hours: "工作日 9:00—12:00，13:30—17:00", Phone: t.Phone,
			Fax: t.Phone[:len(t.Phone)-1] + "9", Online: "http://www.shifan.example/" + t.Key, Postcode: "999901",
		})
		if err != nil {
			return err
		}
		if key == "science" {
			continue
		}
		g, err := b.Guides.Load(b.ctx, officer, t.agency.ID)
		if err != nil {
			return err
		}
		if g, err = b.Guides.Save(b.ctx, officer, t.agency.ID, g.Version, g.Content); err != nil {
			return err
		}
		if _, err = b.Guides.Publish(b.ctx, officer, t.agency.ID, g.Version); err != nil {
			return err
		}
	}
	return nil
}
