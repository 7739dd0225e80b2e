package i18n

import "strings"

var innerMarks = strings.NewReplacer("“", "‘", "”", "’", `"`, "'")

// Inner returns text as it stands within quotation marks: its own become the inner ones.
//
// GB/T 15834-2011 4.8: “当引号中还需要使用引号时，外面一层用双引号，里面一层用单引号。”
func Inner(text string) string { return innerMarks.Replace(text) }

// Quoted puts text in Chinese quotation marks.
func Quoted(text string) string { return "“" + Inner(text) + "”" }
