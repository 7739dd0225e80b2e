package richtext

import "testing"

func TestSanitise(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain words get a paragraph", "你好", "<p>你好</p>"},
		{"a title in the text is the first level", "<h1>一、总则</h1><h5>细目</h5>", "<h2>一、总则</h2><h4>细目</h4>"},
		{"presentational tags become meaning", "<p><b>粗</b><i>斜</i><strike>删</strike></p>", "<p><strong>粗</strong><em>斜</em><s>删</s></p>"},
		{"marks nest in one order", "<p><em><strong>甲</strong></em><strong>乙</strong></p>", "<p><strong><em>甲</em>乙</strong></p>"},
		{"style goes, classes of the house stay", `<p class="indent align-center x" style="color:red">甲</p>`, `<p class="align-center indent">甲</p>`},
		{"white space as shown", "<p>  甲 \n\t 乙 <br> 丙<br></p>", "<p>甲 乙<br>丙</p>"},
		{"the ideographic space is text", "<p>　　甲</p>", "<p>　　甲</p>"},
		{"an empty paragraph stays", "<p></p><p>甲</p>", "<p></p><p>甲</p>"},
		{"divisions are looked through", "<div><section>甲<div>乙</div></section></div>", "<p>甲</p><p>乙</p>"},
		{"numbered lists keep how they count", `<ol type="a" start="3"><li>甲</li><li><p>乙</p><ul><li>丙</li></ul></li></ol>`,
			`<ol type="a" start="3"><li><p>甲</p></li><li><p>乙</p><ul><li><p>丙</p></li></ul></li></ol>`},
		{"a list right in a list belongs to the item before", "<ol><li>甲</li><ul><li>乙</li></ul></ol>", "<ol><li><p>甲</p><ul><li><p>乙</p></li></ul></li></ol>"},
		{"pictures are attachments", `<p><img src="attachment:a1" alt="图" width="300" onerror=x><img src="/x.png"></p>`, `<p><img src="attachment:a1" alt="图" width="300"></p>`},
		{"a figure", `<figure><img src="attachment:a1" alt=""><figcaption>图1 <b>示意</b></figcaption></figure>`, `<figure><img src="attachment:a1" alt=""><figcaption>图1 <strong>示意</strong></figcaption></figure>`},
		{"a film", `<video src="attachment:v" autoplay controls></video>`, `<figure><video src="attachment:v" controls=""></video><figcaption></figcaption></figure>`},
		{"footnotes", `<p>甲<span class="footnote">见<b>某</b>规定</span>乙</p>`, `<p>甲<span class="footnote">见某规定</span>乙</p>`},
		{"links", `<a href="https://example.test/a?b=1&c=2">甲</a><a href="/x">乙</a><a href="mailto:a@example.test">丙</a><a href="attachment:f1">丁</a>`,
			`<p><a href="https://example.test/a?b=1&amp;c=2">甲</a><a href="/x">乙</a><a href="mailto:a@example.test">丙</a><a href="attachment:f1">丁</a></p>`},
		{"links nowhere allowed", `<a href="//evil.test">甲</a><a href="javascript:x">乙</a><a href="/\evil.test">丙</a><a href="ftp://x/y">丁</a><a href="https://u:p@x.test/">戊</a>`, "<p>甲乙丙丁戊</p>"},
		{"a table", `<table><caption>表一</caption><thead><tr><th>项目<th width="30%">数量</thead><tr><td rowspan=2>甲<td align=right>1<tr><td>2</table>`,
			`<table><caption>表一</caption><tbody><tr><th scope="col"><p>项目</p></th><th class="w-30" scope="col"><p>数量</p></th></tr>` +
				`<tr><td rowspan="2"><p>甲</p></td><td><p class="align-right">1</p></td></tr><tr><td><p>2</p></td></tr></tbody></table>`},
		{"a head of a row", `<table><tr><th>甲<td>1</table>`, `<table><tbody><tr><th scope="row"><p>甲</p></th><td><p>1</p></td></tr></tbody></table>`},
		{"spans end at the table's edge, short rows are filled", `<table><tr><td rowspan=9>甲<td>乙<tr></tr><tr><td>丙<td>丁</table>`,
			`<table><tbody><tr><td rowspan="2"><p>甲</p></td><td><p>乙</p></td><td><p></p></td></tr><tr><td><p>丙</p></td><td><p>丁</p></td></tr></tbody></table>`},
		{"a table in a table is unfolded", `<table><tr><td>甲<table><tr><td>乙<td>丙</table></table>`, `<table><tbody><tr><td><p>甲</p><p>乙</p><p>丙</p></td></tr></tbody></table>`},
		{"signs that hide or turn text", "<p>甲\u202e乙\u200b丙</p>", "<p>甲乙丙</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := Sanitise(tt.in)
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			if again, _ := Sanitise(got); again != got {
				t.Errorf("not the same when asked again:\n%s\n%s", got, again)
			}
		})
	}
}

func TestText(t *testing.T) {
	in := `<h2>一、总则</h2><p>依据<span class="footnote">《条例》</span>制定<br>本办法</p><table><caption>表一</caption><tr><th>甲<th>乙<tr><td>1<td><p>2</p><p>3</p></table><figure><img src="attachment:a" alt="印章"><figcaption>图1</figcaption></figure>`
	if got, want := Text(in), "一、总则\n依据制定\n本办法\n表一\n甲\t乙\n1\t2\n3\n图1\n《条例》"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, b := range Blocks(in) {
		runes := []rune(Text(in))
		if b.Ref == "" && string(runes[b.Start:b.Start+len([]rune(b.Text))]) != b.Text {
			t.Errorf("%q does not begin at %d", b.Text, b.Start)
		}
	}
	if got, want := Excerpt(in, 8), "一、总则 依据…"; got != want {
		t.Errorf("excerpt %q, want %q", got, want)
	}
}
