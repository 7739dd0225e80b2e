package gate

import "strings"

// surnames are the family names of one character that nearly all people bear. A word that
// begins with another is not taken for a name.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺水昝"

// doubleSurnames are those of two characters.
var doubleSurnames = []string{"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "夏侯", "端木", "百里", "呼延", "南宫", "长孙", "宇文"}

// surname returns the length, in runes, of the family name that s begins with, 0 for none.
func surname(s []rune) int {
	if len(s) >= 3 {
		for _, d := range doubleSurnames {
			if string(s[:2]) == d {
				return 2
			}
		}
	}
	if len(s) >= 2 && strings.ContainsRune(surnames, s[0]) {
		return 1
	}
	return 0
}

// maskName keeps the family name (R-PII: 姓名保留姓氏): 张*, 欧阳**.
func maskName(name string) string {
	r := []rune(name)
	n := max(surname(r), 1)
	for i := n; i < len(r); i++ {
		r[i] = '*'
	}
	return string(r)
}
