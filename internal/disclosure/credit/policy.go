package credit

import (
	"strings"

	"gongkai/internal/date"
)

// publishDays is the time from a decision to its publication, in working days.
//
// 发改办财金〔2018〕424号: 行政许可和行政处罚等信用信息自作出行政决定之日起7个工作日内上网公开. R-FLW-10.
const publishDays = 7

// withdrawDays is the time from the day a published penalty was changed, revoked, or found
// illegal or void to its withdrawal, in working days.
//
// 行政处罚法第四十八条第二款：“公开的行政处罚决定被依法变更、撤销、确认违法或者确认无效的，行政机关
// 应当在三日内撤回行政处罚决定信息并公开说明理由。”第八十五条：“本法中‘二日’‘三日’‘五日’‘七日’的
// 规定是指工作日，不含法定节假日。” R-FLW-11.
const withdrawDays = 3

// Policy is how long penalties are shown: local notices on credit repair, unverified, so it can
// be configured. R-FLW-13.
type Policy struct {
	MinMonths    int
	MaxMonths    int
	SevereMonths int      // the least for the fields of Severe
	Severe       []string // words by which such a penalty is known
}

// Usual is the policy of the notices seen.
var Usual = Policy{MinMonths: 3, MaxMonths: 36, SevereMonths: 12, Severe: []string{"特种设备", "安全生产", "消防"}}

// until returns the last day a penalty is shown: the day stated with it, within the least and the
// most; the most where none is stated. Others have no end.
func (p Policy) until(d *Decision, stated date.Date) date.Date {
	if d.Kind != Penalty {
		return date.Date{}
	}
	least := p.MinMonths
	for _, w := range p.Severe {
		if strings.Contains(d.Fields["CF_WFXW"]+d.Fields["CF_SY"]+d.Fields["CF_YJ"], w) {
			least = max(least, p.SevereMonths)
		}
	}
	first, last := d.DecidedOn.PlusMonths(least), d.DecidedOn.PlusMonths(p.MaxMonths)
	switch {
	case stated.IsZero() || stated.After(last):
		return last
	case stated.Before(first):
		return first
	}
	return stated
}
