package i18n

import "testing"

// GB/T 15834-2011 4.8: single marks within double ones.
func TestMarksWithinMarks(t *testing.T) {
	for text, want := range map[string]string{
		"规章":             "“规章”",
		"3.危及“三安全一稳定”":   "“3.危及‘三安全一稳定’”",
		`said "7 cases"`: "“said '7 cases'”",
	} {
		if got := Quoted(text); got != want {
			t.Errorf("Quoted(%s) = %s, want %s", text, got, want)
		}
	}
}
