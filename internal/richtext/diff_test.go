package richtext

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           []string // kind and Both
	}{
		{"nothing changed", "<p>甲</p><p>乙</p>", "<p>甲</p><p>乙</p>", []string{"same <p>甲</p>", "same <p>乙</p>"}},
		{"a paragraph came", "<p>甲</p>", "<p>甲</p><p>新增一段</p>", []string{"same <p>甲</p>", "added <p><ins>新增一段</ins></p>"}},
		{"a paragraph went", "<p>甲</p><p>删去一段</p>", "<p>甲</p>", []string{"same <p>甲</p>", "removed <p><del>删去一段</del></p>"}},
		{"a change that shares one character reads as one", "<p>自收到之日起三十日内答复</p>", "<p>自收到之日起十五日内答复</p>",
			[]string{"changed <p>自收到之日起<del>三十</del><ins>十五</ins>日内答复</p>"}},
		{"numbers change as a whole", "<p>共投入1,234.5万元，增长12%</p>", "<p>共投入1,235.5万元，增长13%</p>",
			[]string{"changed <p>共投入<del>1,234.5</del><ins>1,235.5</ins>万元，增长<del>12%</del><ins>13%</ins></p>"}},
		{"words of Latin letters change as a whole", "<p>使用WPS编辑本文件</p>", "<p>使用Word编辑本文件</p>", []string{"changed <p>使用<del>WPS</del><ins>Word</ins>编辑本文件</p>"}},
		{"the same words set differently", "<p>甲乙丙丁</p>", "<p>甲<strong>乙丙</strong>丁</p>",
			[]string{`restyled <p>甲<span class="restyled"><strong>乙丙</strong></span>丁</p>`}},
		{"a footnote changed", `<p>依据条例<span class="footnote">2008年施行</span>制定</p>`, `<p>依据条例<span class="footnote">2019年施行</span>制定</p>`,
			[]string{`changed <p>依据条例<del><span class="footnote">2008</span></del><ins><span class="footnote">2019</span></ins><span class="footnote">年施行</span>制定</p>`}},
		{"other words are another paragraph", "<p>申请人应当提交身份证明</p>", "<p>本办法自公布日期施行</p>",
			[]string{"removed <p><del>申请人应当提交身份证明</del></p>", "added <p><ins>本办法自公布日期施行</ins></p>"}},
		{"an item of a list", "<ol><li>甲项内容</li><li>乙项内容</li></ol>", "<ol><li>甲项内容</li><li>乙项的内容</li></ol>",
			[]string{`same <div class="item deep-1"><span class="label">1.</span><p>甲项内容</p></div>`, `changed <div class="item deep-1"><span class="label">2.</span><p>乙项<ins>的</ins>内容</p></div>`}},
		{"cells of a table", "<table><tr><td>项目<td>数量<tr><td>许可<td>12</table>", "<table><tr><td>项目<td>数量<tr><td>许可<td>15</table>",
			[]string{"changed <table><tbody><tr><td><p>项目</p></td><td><p>数量</p></td></tr><tr><td><p>许可</p></td><td><p><del>12</del><ins>15</ins></p></td></tr></tbody></table>"}},
		{"a row of a table with a cell that reaches down", "<table><tr><td rowspan=2>许可<td>甲证<tr><td>乙证</table>", "<table><tr><td rowspan=3>许可<td>甲证<tr><td>丁照<tr><td>乙证</table>",
			[]string{`changed <table><tbody><tr><td><p>许可</p></td><td><p>甲证</p></td></tr><tr class="added"><td class="above"><p><ins>许可</ins></p></td><td><p><ins>丁照</ins></p></td></tr>` +
				`<tr><td class="above"><p>许可</p></td><td><p>乙证</p></td></tr></tbody></table>`}},
		{"another picture", `<figure><img src="attachment:a" alt="图"><figcaption>图1</figcaption></figure>`, `<figure><img src="attachment:b" alt="图"><figcaption>图1</figcaption></figure>`,
			[]string{`changed <figure><del><img src="attachment:a" alt="图"></del><ins><img src="attachment:b" alt="图"></ins><figcaption>图1</figcaption></figure>`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range Diff(tt.old, tt.new) {
				got = append(got, string(c.Kind)+" "+c.Both)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(tt.want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
		})
	}
}

func TestDiffSides(t *testing.T) {
	c := Diff("<p>申请应在三十日内提出，逾期不予受理</p>", "<p>申请应在六十日内提出，逾期不予受理</p>")[0]
	if want := "<p>申请应在<del>三</del>十日内提出，逾期不予受理</p>"; c.Old != want {
		t.Errorf("old side %s, want %s", c.Old, want)
	}
	if want := "<p>申请应在<ins>六</ins>十日内提出，逾期不予受理</p>"; c.New != want {
		t.Errorf("new side %s, want %s", c.New, want)
	}
}

func TestDiffKnowsWhatMoved(t *testing.T) {
	a, b := "<p>本办法由市人民政府办公室负责解释。</p>", "<p>第一条</p><p>第二条</p><p>第三条</p>"
	var moved []ChangeKind
	for _, c := range Diff(a+b, b+a) {
		if c.Moved {
			moved = append(moved, c.Kind)
		}
	}
	if got, want := fmt.Sprint(moved), "[removed added]"; got != want {
		t.Errorf("moved %s, want %s", got, want)
	}
}

// ins and del taken away, a comparison's sides are the editions.
func TestDiffLosesNothing(t *testing.T) {
	old, new := pages(3, 0), pages(3, 7)
	var o, n strings.Builder
	strip := strings.NewReplacer("<ins>", "", "</ins>", "", "<del>", "", "</del>", "")
	for _, c := range Diff(old, new) {
		o.WriteString(strip.Replace(c.Old))
		n.WriteString(strip.Replace(c.New))
	}
	if o.String() != old || n.String() != new {
		t.Error("the sides of the comparison are not the editions")
	}
}

// pages makes a text of n pages of some 700 characters, in which every step-th paragraph
// says something else; 0 means none does.
func pages(n, step int) string {
	var b strings.Builder
	for i := range n * 7 {
		words := fmt.Sprintf("第%d条　行政机关应当及时、准确地公开政府信息，并在%d个工作日内将公开情况报送上级机关备案；涉及公共利益调整、需要公众广泛知晓或者需要公众参与决策的政府信息，应当主动公开，", i+1, i%20+1)
		if step > 0 && i%step == 0 {
			words = strings.Replace(words, "及时、准确地公开", fmt.Sprintf("依法在%d日内公开", i), 1)
		}
		b.WriteString("<p class=\"indent\">" + words + "具体办法由主管部门制定。</p>")
	}
	return b.String()
}

// The issue asks that comparing big documents is not quadratic: 50 pages, and 500.
func BenchmarkDiff(b *testing.B) {
	for _, n := range []int{50, 500} {
		old, new := pages(n, 0), pages(n, 5)
		b.Run(fmt.Sprintf("%dpages", n), func(b *testing.B) {
			for b.Loop() {
				Diff(old, new)
			}
		})
	}
	long := strings.Repeat("甲乙丙丁戊", 20000)
	other := strings.Repeat("戊丁丙乙甲", 20000)
	b.Run("oneParagraphOf100000", func(b *testing.B) {
		for b.Loop() {
			Diff("<p>"+long+"</p>", "<p>"+other+"</p>")
		}
	})
	b.Run("nothingInCommon", func(b *testing.B) {
		old, new := pages(50, 0), strings.ReplaceAll(pages(50, 0), "行政机关应当及时、准确地公开政府信息", "某某某")
		for b.Loop() {
			Diff(old, new)
		}
	})
}
