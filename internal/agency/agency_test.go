package agency

import "testing"

func TestKindOf(t *testing.T) {
	tests := []struct {
		name string
		want Kind
	}{
		{"某某市人民政府", Government},
		{"江苏省淮安市洪泽区人民政府", Government},
		{"测试市", Government},
		{"某地区行政公署", Government},
		{"集安市民政局", Department},
		{"民政局", Department},
		{"洪泽区人民政府办公室", Department},
		{"湛江市人民政府地方志办公室", Department},
		{"上海市科委", Department},
		{"咸宁市政务服务和大数据管理局", Department},
		{"某市城市管理委员会", Department},
		{"教育部", Department},
		{"太平镇人民政府", Township},
		{"昌图县七家子镇", Township},
		{"某区某街道办事处", Township},
		{"螅镇政府", Township},
		{"景德镇市人民政府", Government},
		{"某市经济技术开发区管理委员会", Zone},
		{"某高新区", Zone},
		{"", Unknown},
		{"某某协调组", Unknown},
	}
	for _, tt := range tests {
		if got := KindOf(tt.name); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// 立法法第九十一条、第九十三条, R-AR-19.
func TestRuleMaking(t *testing.T) {
	tests := []struct {
		name string
		want Power
	}{
		{"江苏省人民政府", May},
		{"内蒙古自治区人民政府", May},
		{"某某自治州人民政府", May},
		{"上海市人民政府", May},
		{"教育部", May},
		{"国家税务总局", May},
		{"审计署", May},
		{"测试市人民政府", Silent}, // may or may not have districts
		{"测试市", Silent},
		{"某某市某某市人民政府", MayNot},
		{"淮安市洪泽区人民政府", MayNot},
		{"某县人民政府", MayNot},
		{"太平镇人民政府", MayNot},
		{"某街道办事处", MayNot},
		{"徐闻县司法局", Ask},
		{"国家税务总局某市税务局", Ask},
		{"江苏省民政厅", Ask},
		{"某经济开发区管委会", Ask},
	}
	for _, tt := range tests {
		if got := RuleMaking(tt.name); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// GB 11714; vectors of spec §8.1. One digit changed in a valid code breaks it.
func TestValidOrg(t *testing.T) {
	for _, code := range []string{"000014349", "00001434-9", "014416330", "014225972", "000013338", "01527918X", "MB0523338"} {
		if !ValidOrg(code) {
			t.Errorf("%s is valid", code)
		}
	}
	for _, code := range []string{"000000001", "000014348", "000014359", "01527918x", "00001434", "0000143490", "00001434？"} {
		if ValidOrg(code) {
			t.Errorf("%s is invalid", code)
		}
	}
}

// GB 32100; vectors of spec §8.1.
func TestValidCredit(t *testing.T) {
	for _, code := range []string{"11441700007280420Y", "11341702486344515H", "11370322004222241N", "12620600MB0523338C"} {
		if !ValidCredit(code) {
			t.Errorf("%s is valid", code)
		}
	}
	for _, code := range []string{"11441700007280421Y", "11441700007280420X", "1144170000728042", "I1441700007280420Y"} {
		if ValidCredit(code) {
			t.Errorf("%s is invalid", code)
		}
	}
}

// 610728 is a county; 01 and MB are no provinces.
func TestRegional(t *testing.T) {
	for code, want := range map[string]bool{"610728001": true, "420200010": true, "014225972": false, "MB0523338": false, "61072800X": false, "160000000": false} {
		if got := Regional(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestIndexPrefix(t *testing.T) {
	tests := []struct {
		index, code string
		scheme      Scheme
	}{
		{"000014349/2024-06676", "000014349", OrgCode},
		{"00001434-9/2024-06676", "000014349", OrgCode},
		{"01527918X-2020-153077", "01527918X", OrgCode},
		{"11441700007280420Y/2021-00050", "11441700007280420Y", CreditCode},
		{"11341702486344515H/202110-00013", "11341702486344515H", CreditCode},
		{"6107280000/2024-001005", "", Local},
		{"某办-2024-001", "", Local},
		{"无", "", Local},
		{"", "", Local},
	}
	for _, tt := range tests {
		code, scheme := IndexPrefix(tt.index)
		if code != tt.code || scheme != tt.scheme {
			t.Errorf("%q: %q %q, want %q %q", tt.index, code, scheme, tt.code, tt.scheme)
		}
	}
	if got := Owner("000014349"); got != "国务院办公厅" {
		t.Errorf("owner %q", got)
	}
	if got := OrgOf("11441700007280420Y"); got != "007280420" {
		t.Errorf("organisation code %q", got)
	}
}
