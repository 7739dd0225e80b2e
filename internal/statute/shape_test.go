package statute

import "testing"

// 条例第三十六条 has one paragraph with seven items; 第三十三条 has three paragraphs, 第二十九条 two, the
// second with three items; 行政复议法第二十三条 two, the first with five.
func TestProvisionsStand(t *testing.T) {
	tests := []struct {
		ref       Ref
		ok, known bool
	}{
		{OGI2019.Art(36, 0, 7), true, true},
		{OGI2019.Art(36, 0, 8), false, true},
		{OGI2019.Art(36, 1, 3), false, true},
		{OGI2019.Art(33, 2), true, true},
		{OGI2019.Art(33, 4), false, true},
		{OGI2019.Art(33), true, true},
		{OGI2019.Art(29, 2, 3), true, true},
		{OGI2019.Art(29, 1, 3), false, true},
		{OGI2019.Art(29, 0, 3), false, true},
		{OGI2019.Art(14, 1), false, true},
		{OGI2019.Art(57), false, true},
		{Reconsideration2023.Art(23, 1, 4), true, true},
		{Reconsideration2023.Art(23, 1, 6), false, true},
		{Litigation2017.Art(46, 1), true, true},
		{Litigation2017.Art(47), false, false},
	}
	for _, tt := range tests {
		if ok, known := tt.ref.Stands(); ok != tt.ok || known != tt.known {
			t.Errorf("%s: %v, %v; want %v, %v", tt.ref, ok, known, tt.ok, tt.known)
		}
	}
}
