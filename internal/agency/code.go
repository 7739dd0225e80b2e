package agency

import "strings"

// orgWeights are the weights of GB 11714: “加权因子 3、7、9、10、5、8、4、2”.
var orgWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// ValidOrg reports whether code is an organisation code (组织机构代码) of nine characters whose
// check digit is right.
//
// GB 11714: C9 = 11 − MOD(ΣCi×Wi, 11), 10 written X and 11 written 0; A to Z count 10 to 35.
// R-IDX-05.
func ValidOrg(code string) bool {
	code = strings.ReplaceAll(code, "-", "")
	if len(code) != 9 {
		return false
	}
	sum := 0
	for i, w := range orgWeights {
		v := alphanumeric(code[i])
		if v < 0 {
			return false
		}
		sum += v * w
	}
	return code[8] == "0X987654321"[sum%11]
}

// alphanumeric counts 0 to 9 and A to Z as 0 to 35; anything else is -1.
func alphanumeric(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}

// Regional reports whether a code may be a local number that begins with the code of a region
// (GB/T 2260) rather than an organisation code: nine digits that begin with a province's.
func Regional(code string) bool {
	if len(code) != 9 || strings.Trim(code, "0123456789") != "" {
		return false
	}
	n := int(code[0]-'0')*10 + int(code[1]-'0')
	return n >= 11 && n <= 15 || n >= 21 && n <= 23 || n >= 31 && n <= 37 || n >= 41 && n <= 46 || n >= 50 && n <= 54 || n >= 61 && n <= 65
}

// creditAlphabet are the characters of GB 32100, which leaves out I, O, S, V and Z.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ValidCredit reports whether code is a unified social credit code (统一社会信用代码) of eighteen
// characters whose check digit is right.
//
// GB 32100: C18 = MOD(31 − MOD(ΣCi×Wi, 31), 31), Wi = MOD(3^(i−1), 31). R-IDX-05.
func ValidCredit(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(creditAlphabet, code[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return code[17] == creditAlphabet[(31-sum%31)%31]
}

// owners are codes whose owner is certain; each is known because reports copy it from a
// template without owning it.
var owners = map[string]string{
	"000014349": "国务院办公厅",
}

// Owner returns the body an organisation code belongs to, "" if it is not on record.
func Owner(org string) string { return owners[strings.ReplaceAll(org, "-", "")] }

// Scheme is how an index number (索引号) names its body.
type Scheme string

// The schemes that can be verified. Others are local numbering.
const (
	Local      Scheme = ""
	OrgCode    Scheme = "org"    // 000014349/2024-06676
	CreditCode Scheme = "credit" // 11441700007280420Y/2021-00050
)

// IndexPrefix returns the code an index number begins with and its scheme. Places number as
// they like (R-IDX-02), so only the two layouts built on national codes are recognised: a
// prefix of nine or eighteen characters, a stroke or hyphen, then the year.
func IndexPrefix(index string) (code string, s Scheme) {
	index = strings.ToUpper(strings.Join(strings.Fields(index), ""))
	end := strings.IndexByte(index, '/')
	if end < 0 {
		end = strings.IndexByte(index, '-')
	}
	if end < 0 || !year(index[end+1:]) {
		return "", Local
	}
	code = strings.ReplaceAll(index[:end], "-", "")
	for i := range len(code) {
		if alphanumeric(code[i]) < 0 {
			return "", Local
		}
	}
	switch len(code) {
	case 9:
		return code, OrgCode
	case 18:
		return code, CreditCode
	}
	return "", Local
}

// year reports whether s begins with a year of this or the last century.
func year(s string) bool {
	if len(s) < 4 || s[:2] != "20" && s[:2] != "19" {
		return false
	}
	return s[2] >= '0' && s[2] <= '9' && s[3] >= '0' && s[3] <= '9'
}

// OrgOf returns the organisation code inside a credit code: its positions 9 to 17.
func OrgOf(credit string) string {
	if len(credit) != 18 {
		return ""
	}
	return credit[8:17]
}
