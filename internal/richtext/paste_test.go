package richtext

import (
	"os"
	"testing"
)

// The pages in testdata are written as Word and WPS write them to the clipboard. The editor's
// own cleaning is held against the same expectations in a browser.
func TestFromPaste(t *testing.T) {
	for _, name := range []string{"word", "wps"} {
		t.Run(name, func(t *testing.T) {
			in, err := os.ReadFile("testdata/paste/" + name + ".html")
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile("testdata/paste/" + name + ".clean.html")
			if err != nil {
				t.Fatal(err)
			}
			got, _ := FromPaste(string(in))
			if got != string(want) {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestFromPasteOddities(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a list that goes on after a paragraph counts on", `<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">3、</span>甲</p><p>乙</p><p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">4、</span>丙</p>`,
			`<ol start="3"><li><p>甲</p></li></ol><p>乙</p><ol start="4"><li><p>丙</p></li></ol>`},
		{"numbers that begin anew begin a list", `<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.</span>甲</p><p style="mso-list:l1 level1 lfo2"><span style="mso-list:Ignore">1.</span>乙</p><p style="mso-list:l1 level1 lfo2"><span style="mso-list:Ignore">2.</span>丙</p>`,
			`<ol><li><p>甲</p></li></ol><ol><li><p>乙</p></li><li><p>丙</p></li></ol>`},
		{"numbers that are words follow a list", `<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.</span>甲</p><p style="mso-list:l1 level1 lfo1"><span style="mso-list:Ignore">第二条</span>乙</p>`,
			`<ol><li><p>甲</p></li></ol><p>第二条乙</p>`},
		{"a heading keeps its number as words", `<h2 style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.1</span>甲</h2>`, `<h2>1.1 甲</h2>`},
		{"layout dots of web pages are no pictures", `<p>甲<img width=1 height=1 src="https://x.test/p.gif"></p>`, `<p>甲</p>`},
		{"bold that says it is not", `<b style="font-weight:normal">甲</b>`, `<p>甲</p>`},
		{"four hard spaces are an indent", "<p>&nbsp;&nbsp;&nbsp;&nbsp;甲</p>", `<p class="indent">甲</p>`},
		{"one blank line between paragraphs", "<p>甲</p><p>&nbsp;</p><p>&nbsp;</p><p>乙</p><p></p>", "<p>甲</p><p></p><p>乙</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := FromPaste(tt.in); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}
