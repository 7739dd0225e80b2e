package office

import (
	"testing"

	"gongkai/internal/gate"
)

// A finding is marked on the words it was found in, whatever stands before them: footnotes,
// which the gate reads where they are called, and merged cells, whose columns it counts.
func TestFindingsAreMarkedOnTheirWords(t *testing.T) {
	body := `<h2>甲</h2><p>为做好救助<span class="footnote">标准见 附表，电话13900000001。</span>工作。</p>` +
		`<table><tbody><tr><td rowspan="2"><p>类别</p></td><td colspan="2"><p>标准</p></td></tr><tr><td><p>城 &amp; 市</p></td><td><p>农村</p></td></tr></tbody></table>` +
		`<figure><img src="attachment:a" alt="图"><figcaption></figcaption></figure><p>电话：13900000002<br>机密★，请转。</p>`
	part := gate.Body(body)
	whole := []rune(part.Slice(0, part.Len()))
	at := placesIn(body)
	for _, words := range []string{"13900000001", "13900000002", "机密★", "农村", "市", "救助", "工作", "附表"} {
		start := indexRunes(whole, []rune(words))
		if start < 0 {
			t.Fatalf("the gate does not read %s", words)
		}
		from, to, ok := at.find(start, start+len([]rune(words)))
		if !ok || string(at.text[from:to]) != words {
			t.Errorf("%s is marked on %q (%v)", words, string(at.text[from:max(from, to)]), ok)
		}
	}
	if _, _, ok := at.find(0, 0); ok {
		t.Error("a finding without a place is marked")
	}
	if _, _, ok := at.find(10_000, 10_001); ok {
		t.Error("a finding beyond the text is marked")
	}
}

func indexRunes(text, words []rune) int {
	for i := range text {
		if i+len(words) <= len(text) && string(text[i:i+len(words)]) == string(words) {
			return i
		}
	}
	return -1
}
