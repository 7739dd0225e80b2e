package section

// Entry is what a row of the standard item catalogue says of a section (基层政务公开标准目录).
type Entry struct {
	No       string   `json:"no,omitempty"`       // 序号
	Content  string   `json:"content,omitempty"`  // 公开内容（要素）
	Basis    string   `json:"basis,omitempty"`    // 公开依据
	Limit    string   `json:"limit,omitempty"`    // 公开时限, as it is worded
	Duration string   `json:"duration,omitempty"` // 公开时长
	Body     string   `json:"body,omitempty"`     // 公开主体
	Range    string   `json:"range,omitempty"`    // 公开范围
	Channels []string `json:"channels,omitempty"` // keys of class.Channels
	Audience []string `json:"audience,omitempty"` // "all", "group"
	Group    string   `json:"group,omitempty"`    // which people, of "group"
	Modes    []string `json:"modes,omitempty"`    // "proactive", "request"
	Levels   []string `json:"levels,omitempty"`   // "county", "township"
}
