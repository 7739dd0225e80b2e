package richtext

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestFromFile(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(`<html><head><meta charset="gb2312"><title>关于示例的通知</title></head><body><p style="text-align:right">示范区<b>人民政府</b></p><script>x</script></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, data, title, want string }{
		{"a.docx", string(word(t, p(`<w:jc w:val="center"/>`, "关于示例的通知")+p("", "甲。"))), "关于示例的通知", "<p>甲。</p>"},
		{"a.htm", gb, "关于示例的通知", `<p class="align-right">示范区<strong>人民政府</strong></p>`},
		{"a.txt", "　　一、总体情况\n　　全年平稳。\n<b>不是标记</b>。\n", "", `<h2 class="indent">一、总体情况</h2><p class="indent">全年平稳。</p><p>&lt;b&gt;不是标记&lt;/b&gt;。</p>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := FromFile(t.Context(), tt.name, []byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if d.HTML != tt.want || d.Title != tt.title {
				t.Errorf("title %q\n got %s\nwant %s", d.Title, d.HTML, tt.want)
			}
		})
	}
}

func TestShow(t *testing.T) {
	in := `<p>甲<span class="footnote">见某条</span>乙<span class="footnote">见“他条”</span></p><figure><img src="attachment:a1" alt="图"><figcaption></figcaption></figure><p><img src="attachment:pending" alt="缺图"><a href="attachment:f1">附件</a><a href="attachment:gone">旧件</a></p>`
	got := Show(in, "脚注", func(id string) string {
		return map[string]string{"a1": "/files/a1?x=1&y=2", "f1": "/files/f1"}[id]
	})
	want := `<p>甲<sup class="footnote"><a href="#note-1" id="call-1">1</a></sup>乙<sup class="footnote"><a href="#note-2" id="call-2">2</a></sup></p>` +
		`<figure><img src="/files/a1?x=1&amp;y=2" alt="图"><figcaption></figcaption></figure><p>缺图<a href="/files/f1">附件</a>旧件</p>` +
		`<section class="footnotes" aria-label="脚注"><ol><li id="note-1">见某条 <a href="#call-1">↩</a></li><li id="note-2">见“他条” <a href="#call-2">↩</a></li></ol></section>`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestResolve(t *testing.T) {
	c := Diff(`<figure><img src="attachment:a" alt="src=&quot;attachment:x&quot;"></figure>`, `<figure><img src="attachment:b" alt=""></figure><p>href="attachment:x"</p>`)
	var b strings.Builder
	for _, x := range c {
		b.WriteString(Resolve(x.Both, func(id string) string { return "/f/" + id }))
	}
	for _, want := range []string{`<img src="/f/a" alt="src=&#34;attachment:x&#34;">`, `<img src="/f/b"`, `href=&#34;attachment:x&#34;`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}

// The issue asks for quickness on 50 pages.
func BenchmarkSanitise(b *testing.B) {
	in := pages(50, 0)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		Sanitise(in)
	}
}
