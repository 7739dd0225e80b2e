package letter

import (
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// example is a pattern as it should be.
const example = "某政公开复〔{year}〕{n}号"

// ErrPattern is a pattern of letter numbers that GB/T 9704 does not allow.
//
// GB/T 9704-2012 7.2.5：“年份、发文顺序号用阿拉伯数字标注；年份应标全称，用六角括号‘〔〕’括入；
// 发文顺序号不加‘第’字，不编虚位（即1不编为01），在阿拉伯数字后加‘号’字。”
var ErrPattern = &fault.Error{Kind: fault.Invalid, Code: "letter.pattern", Field: "pattern", Cite: statute.Layout.Whole("第7.2.5条")}

// pattern is the agency's code, the year in its brackets, the number.
var pattern = regexp.MustCompile(`^\p{Han}{2,20}(（\p{Han}{1,6}）)?〔\{year\}〕\{n\}号$`)

// CheckPattern says whether letter numbers may be made by a pattern: 某政公开复〔{year}〕{n}号.
func CheckPattern(p string) error {
	if !pattern.MatchString(p) {
		return ErrPattern.With("pattern", p).With("example", example)
	}
	return nil
}

// Number makes the n-th number of a year: 某政公开复〔2026〕12号 (R-DOC-01).
func Number(p string, year, n int) (string, error) {
	if err := CheckPattern(p); err != nil {
		return "", err
	}
	if year < 1949 || year > 9999 || n < 1 {
		return "", ErrPattern.With("pattern", p).With("example", example)
	}
	return strings.NewReplacer("{year}", strconv.Itoa(year), "{n}", strconv.Itoa(n)).Replace(p), nil
}
