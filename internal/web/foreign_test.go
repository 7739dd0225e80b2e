package web

import (
	"strings"
	"testing"
)

// WCAG 2.2, 3.1.2: on a page in English Chinese texts say that they are Chinese, once, and nothing
// else of the page changes.
func TestChineseOnAnEnglishPageIsMarked(t *testing.T) {
	const page = `<!DOCTYPE html><html lang="en"><head><title>关于 A – 示例</title><meta content="中文"><style>/* 中文 */</style></head>` +
		`<body><a href="/" lang="zh-CN">中文</a><p>Published by 示例县人民政府办公室</p><h1 class="x">关于养老的通知</h1><p>Issued: <b>一</b> 二</p>` +
		`<div><p>正文<b>重点</b>A1</p><p lang="en">示例</p></div><svg><text>图</text></svg><textarea>草稿</textarea><ul><li>甲<br>乙<li>丙</ul></body></html>`
	want := strings.NewReplacer(
		`<title>关`, `<title lang="zh-CN">关`, `<p>Published by`, `<p>Published by`, `<h1 class="x">`, `<h1 class="x" lang="zh-CN">`,
		`<b>一`, `<b lang="zh-CN">一`, `<p>正文`, `<p lang="zh-CN">正文`, `<li>甲`, `<li lang="zh-CN">甲`, `<li>丙`, `<li>丙`,
	).Replace(page)
	if got := string(Foreign([]byte(page))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
