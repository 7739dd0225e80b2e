// Package credit keeps administrative licences, penalties and coercive measures (行政许可、行政处罚
// 双公示, 行政强制): brought in by the standard's fields, shown within seven working days, masked
// where they are about natural persons, taken down in time, and counted all the same.
package credit

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/flow"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Kind is what was decided.
type Kind string

// The kinds, which the annual report counts apart.
const (
	Licence Kind = "licence" // 行政许可
	Penalty Kind = "penalty" // 行政处罚
	Measure Kind = "measure" // 行政强制
)

// Kinds lists the kinds.
var Kinds = []Kind{Licence, Penalty, Measure}

// State is where a decision stands.
type State string

// The states.
const (
	Recorded  State = "recorded"  // to be shown
	Withheld  State = "withheld"  // lawfully not published
	Shown     State = "shown"     //
	Withdrawn State = "withdrawn" // changed, revoked or void
	Ended     State = "ended"     // its time of display is over
)

// Act is a move of a decision.
type Act string

// The acts.
const (
	Publish  Act = "publish"
	Withhold Act = "withhold"
	Withdraw Act = "withdraw"
	End      Act = "end"
)

// Flow is the life of a decision.
var Flow = flow.Table[State, Act]{
	flow.Step(Recorded, Publish, Shown, statute.Credit2018.Whole("")).By("R-FLW-10"),
	flow.Step(Recorded, Withhold, Withheld, statute.Licence2019.Art(5)).By("R-FLW-12"),
	flow.Step(Withheld, Publish, Shown, statute.OGI2019.Art(18)),
	flow.Step(Shown, Withdraw, Withdrawn, statute.Penalty2021.Art(48)).By("R-FLW-11"),
	flow.Step(Recorded, Withdraw, Withdrawn, statute.Penalty2021.Art(48)).By("R-FLW-11"),
	flow.Step(Shown, End, Ended, statute.Ref{}).By("R-FLW-13"),
}

var words = map[string]string{
	"licence": "credit.kind.licence", "penalty": "credit.kind.penalty", "measure": "credit.kind.measure",
	"recorded": "credit.state.recorded", "withheld": "credit.state.withheld", "shown": "credit.state.shown",
	"withdrawn": "credit.state.withdrawn", "ended": "credit.state.ended",
	"publish": "credit.act.publish", "withhold": "credit.act.withhold", "withdraw": "credit.act.withdraw", "end": "credit.act.end",
}

// Word names a kind, state or act of this package.
func Word(key string) i18n.Message { return i18n.M(words[key]) }

// Type is how a field's text is read.
type Type string

// The types. Text is the usual one.
const (
	Text   Type = ""
	Day    Type = "date"
	Amount Type = "amount" // 万元
)

// Column is a field of the standard.
type Column struct {
	Code       string   `json:"code"`
	Label      string   `json:"label"`
	Aliases    []string `json:"aliases"` // other headings in use
	Type       Type     `json:"type"`
	Required   bool     `json:"required"`
	Personal   bool     `json:"personal"`   // never kept: certificates of natural persons
	Unverified bool     `json:"unverified"` // not read in the standard
	Ours       bool     `json:"ours"`       // not of the standard at all
}

//go:embed column.json
var columnText []byte

var columns = sync.OnceValue(func() map[Kind][]Column {
	all := map[Kind][]Column{}
	if err := json.Unmarshal(columnText, &all); err != nil {
		panic("credit: column.json: " + err.Error())
	}
	return all
})

// Columns returns the fields of a kind in the standard's order.
func Columns(k Kind) []Column { return columns()[k] }

// The fields the product itself reads, by what they mean.
type meaning struct{ name, category, code, no, day, until, from, to, fine, reason string }

var meanings = map[Kind]meaning{
	Licence: {"XK_XDR_MC", "XK_XDR_LB", "XK_XDR_SHXYM", "XK_WSH", "XK_JDRQ", "", "XK_YXQZ", "XK_YXQZI", "", "GK_BYGK"},
	Penalty: {"CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_WSH", "CF_JDRQ", "CF_GSJZQ", "", "", "CF_NR_FK", "GK_BYGK"},
	Measure: {"QZ_XDR_MC", "QZ_XDR_LB", "QZ_XDR_SHXYM", "QZ_WSH", "QZ_JDRQ", "", "", "", "", "GK_BYGK"},
}

// Decision is one licence, penalty or measure.
type Decision struct {
	ID, Agency  string
	Kind        Kind
	State       State
	No          string // 决定书文号
	DecidedOn   date.Date
	Name        string // the person or organisation it is about; sealed in the table if Natural
	Natural     bool   // a natural person
	Fine        decimal.Decimal
	Fields      map[string]string // the other fields by code, none of them personal
	PublishedOn date.Date
	ShowUntil   date.Date // last day of display, zero for no end
	Reason      string    // why withheld or withdrawn
	Overturned  date.Date // the day the decision was changed, revoked or found void
	EndedOn     date.Date // withdrawn or taken down
	Batch       string    // the import it came with
	Version     int64
	CreatedAt   time.Time

	sealed string // Name as the table has it
}

// Faults of decisions.
var (
	ErrNone       = &fault.Error{Kind: fault.NotFound, Code: "credit.none"}
	ErrStale      = &fault.Error{Kind: fault.Conflict, Code: "credit.stale"}
	ErrKind       = &fault.Error{Kind: fault.Invalid, Code: "credit.kind", Field: "kind"}
	ErrReason     = &fault.Error{Kind: fault.Invalid, Code: "credit.reason", Field: "reason"}
	ErrDay        = &fault.Error{Kind: fault.Invalid, Code: "credit.day", Field: "on"}
	ErrFile       = &fault.Error{Kind: fault.Invalid, Code: "credit.file", Field: "file"}
	ErrHead       = &fault.Error{Kind: fault.Invalid, Code: "credit.head", Field: "file"}
	ErrColumn     = &fault.Error{Kind: fault.Invalid, Code: "credit.column", Field: "file"}
	ErrEmpty      = &fault.Error{Kind: fault.Invalid, Code: "credit.empty", Field: "file"}
	ErrRows       = &fault.Error{Kind: fault.TooLarge, Code: "credit.rows", Field: "file"}
	ErrLacks      = &fault.Error{Kind: fault.Invalid, Code: "credit.row.lacks", Field: "file"}
	ErrRowDay     = &fault.Error{Kind: fault.Invalid, Code: "credit.row.day", Field: "file"}
	ErrRowFuture  = &fault.Error{Kind: fault.Invalid, Code: "credit.row.future", Field: "file"}
	ErrRowAmount  = &fault.Error{Kind: fault.Invalid, Code: "credit.row.amount", Field: "file"}
	ErrRowCode    = &fault.Error{Kind: fault.Invalid, Code: "credit.row.code", Field: "file"}
	ErrRowNoCode  = &fault.Error{Kind: fault.Invalid, Code: "credit.row.no_code", Field: "file"}
	ErrRowTwice   = &fault.Error{Kind: fault.Invalid, Code: "credit.row.twice", Field: "file"}
	ErrRowOrder   = &fault.Error{Kind: fault.Invalid, Code: "credit.row.order", Field: "file"}
	ErrRowDiffers = &fault.Error{Kind: fault.Invalid, Code: "credit.row.differs", Field: "file"}
	ErrRowLong    = &fault.Error{Kind: fault.Invalid, Code: "credit.row.long", Field: "file"}
)

// compound are the surnames of two characters in common use; the mask keeps a surname whole.
const compound = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 子车 颛孙 端木 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五"

// Mask keeps a natural person's surname: 张*, 欧阳**. R-FLW-14, specification §11.3.
func Mask(name string) string {
	runes := []rune(strings.Join(strings.Fields(name), ""))
	keep := 1
	if len(runes) > 2 && strings.Contains(compound, string(runes[:2])) {
		keep = 2
	}
	if len(runes) <= 1 {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:keep]) + strings.Repeat("*", len(runes)-keep)
}
