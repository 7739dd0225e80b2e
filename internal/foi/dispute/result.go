package dispute

import (
	"slices"

	"gongkai/internal/statute"
)

// Result is how an instance ended.
type Result string

// The results of reconsideration and of suits; some are of both.
const (
	Upheld    Result = "upheld"    // 维持
	Dismissed Result = "dismissed" // 驳回复议请求, 驳回诉讼请求
	Changed   Result = "changed"   // 变更
	Revoked   Result = "revoked"   // 撤销或者部分撤销
	Unlawful  Result = "unlawful"  // 确认违法
	Perform   Result = "perform"   // 限期履行, 判决履行
	Pay       Result = "pay"       // 判决给付
	Invalid   Result = "invalid"   // 确认无效
	Refused   Result = "refused"   // 不予受理、驳回申请; 驳回起诉
	Withdrawn Result = "withdrawn" // 撤回申请终止, 准予撤诉
	Ended     Result = "ended"     // 终止, 终结
	Settled   Result = "settled"   // 和解终止
	Mediated  Result = "mediated"  // 调解
	Affirmed  Result = "affirmed"  // 二审维持原判
	SentBack  Result = "remanded"  // 发回重审
)

// Bucket is a column of table four.
type Bucket string

// The columns.
const (
	InFavour  Bucket = "upheld"    // 结果维持
	Corrected Bucket = "corrected" // 结果纠正
	Otherwise Bucket = "other"     // 其他结果
	Pending   Bucket = "pending"   // 尚未审结
)

// ColumnsOf lists the columns of a group, its sum left out.
var ColumnsOf = []Bucket{InFavour, Corrected, Otherwise, Pending}

// Ruling is a result as one procedure knows it.
type Ruling struct {
	Result Result
	Column Bucket
	Cite   statute.Ref
	// Unverified marks what no official note we have read fixes ([M] in the specification): a
	// body may put it into another column.
	Unverified bool
}

// rulings are the results reconsideration and suits can have, with the columns of specification §6.
var rulings = map[bool][]Ruling{
	true: {
		{Upheld, InFavour, review.Art(68), false},
		{Dismissed, InFavour, review.Art(69), true},
		{Changed, Corrected, review.Art(63), false},
		{Revoked, Corrected, review.Art(64), false},
		{Unlawful, Corrected, review.Art(65), false},
		{Perform, Corrected, review.Art(66), false},
		{Invalid, Corrected, review.Art(67), false},
		{Refused, Otherwise, review.Art(33), true},
		{Withdrawn, Otherwise, review.Art(41), true},
		{Settled, Otherwise, review.Art(41), true},
		{Ended, Otherwise, review.Art(41), true},
		{Mediated, Otherwise, review.Art(73), true},
	},
	false: {
		{Dismissed, InFavour, suit.Art(69), false},
		{Revoked, Corrected, suit.Art(70), false},
		{Perform, Corrected, suit.Art(72), false},
		{Pay, Corrected, suit.Art(73), false},
		{Unlawful, Corrected, suit.Art(74), false},
		{Invalid, Corrected, suit.Art(75), false},
		{Changed, Corrected, suit.Art(77), false},
		{Refused, Otherwise, statute.Ref{}, true},
		{Withdrawn, Otherwise, suit.Art(62), true},
		{Ended, Otherwise, statute.Ref{}, true},
		{Mediated, Otherwise, suit.Art(60), true},
	},
}

// Rulings lists the results an instance can have.
func Rulings(l Level) []Ruling {
	all := slices.Clone(rulings[l == Reconsidering])
	if l == Second || l == Retrial {
		all = append(all, Ruling{Result: Affirmed, Cite: suit.Art(89)}, Ruling{Result: SentBack, Cite: suit.Art(89)})
	}
	return all
}

func knows(l Level, r Result) bool {
	return slices.ContainsFunc(Rulings(l), func(one Ruling) bool { return one.Result == r })
}

// Buckets are a body's own choices for unverified results, by procedure and result, such as
// "review.mediated"; the others follow the specification's defaults.
type Buckets map[string]Bucket

// Unverified lists the keys of Buckets with the default of each.
func Unverified() (keys []string, usual Buckets) {
	usual = Buckets{}
	for _, reviewed := range []bool{true, false} {
		for _, one := range rulings[reviewed] {
			if one.Unverified {
				key := bucketKey(reviewed, one.Result)
				keys = append(keys, key)
				usual[key] = one.Column
			}
		}
	}
	return keys, usual
}

func bucketKey(reviewed bool, r Result) string {
	if reviewed {
		return "review." + string(r)
	}
	return "suit." + string(r)
}

// Of returns the column a result counts in.
func (b Buckets) Of(k Kind, r Result) Bucket {
	reviewed := k == Review
	if own, chosen := b[bucketKey(reviewed, r)]; chosen {
		return own
	}
	for _, one := range rulings[reviewed] {
		if one.Result == r {
			return one.Column
		}
	}
	return Otherwise
}

// check refuses columns for what is fixed or unknown.
func (b Buckets) check() error {
	_, usual := Unverified()
	for key, column := range b {
		if _, free := usual[key]; !free || !slices.Contains(ColumnsOf[:3], column) {
			return ErrSettings
		}
	}
	return nil
}
