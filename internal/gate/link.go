package gate

import (
	"net/netip"
	"net/url"
	"path"
	"strings"
	"unicode"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// fault of a link; the value is the message's key.
type linkFault string

// The faults of links.
const (
	linkScript    linkFault = "gate.link.script"    // javascript:, data:
	linkUser      linkFault = "gate.link.user"      // https://gov.cn@evil.example
	linkLocal     linkFault = "gate.link.local"     // file:, C:\, \\server
	linkIntranet  linkFault = "gate.link.intranet"  // localhost, 10.0.0.1, http://oa/
	linkMalformed linkFault = "gate.link.malformed" // http:/, https://http://
	linkBare      linkFault = "gate.link.bare"      // www.example.cn without http://
	linkEmpty     linkFault = "gate.link.empty"     //
	linkNumeric   linkFault = "gate.link.numeric"   // http://203.0.113.5/
	linkDead      linkFault = "gate.link.dead"      // somebody looked, nothing answers
)

// linkDanger: no link runs code or shows another address than it leads to (R-WEB-20).
//
// 检查指标 lists links to unlawful content among the faults that fail a site at once.
var linkDanger = check.Rule[*Subject]{
	Code: "R-WEB-20-link", Severity: check.Error,
	Cite: statute.SiteCheck2019.Whole(""), Title: i18n.M("gate.link.danger"),
	Find: linkRule(map[linkFault]check.Severity{linkScript: check.Error, linkUser: check.Error}),
}

// linkBroken: links lead somewhere, for readers outside too (R-WEB-08).
var linkBroken = check.Rule[*Subject]{
	Code: "R-WEB-08-link", Severity: check.Warning,
	Cite: statute.SiteCheck2019.Whole(""), Title: i18n.M("gate.link.rule"),
	Find: linkRule(map[linkFault]check.Severity{
		linkLocal: check.Error, linkIntranet: check.Error, linkMalformed: check.Warning, linkBare: check.Warning,
		linkEmpty: check.Info, linkNumeric: check.Info, linkDead: check.Warning,
	}),
}

// linkRule finds the links with one of the faults.
func linkRule(faults map[linkFault]check.Severity) func(*Subject) []check.Finding {
	return func(s *Subject) (out []check.Finding) {
		for i := range s.Parts {
			p := &s.Parts[i]
			for n, l := range p.Links {
				why := l.fault()
				if n >= mostGroups {
					break
				}
				if severity, wanted := faults[why]; wanted {
					out = append(out, found(check.Finding{
						Severity: severity, Message: i18n.M(string(why), "url", shortened(l.URL)),
					}, detail{spots: []Spot{{Part: p.ID, Start: l.Start, End: l.End}}, key: l.URL}))
				}
			}
		}
		return out
	}
}

// longestURL is how many characters of an address a message shows.
const longestURL = 80

func shortened(address string) string {
	r := []rune(strings.ToValidUTF8(address, "\uFFFD"))
	for i := range r {
		if unicode.IsControl(r[i]) {
			r[i] = '\uFFFD'
		}
	}
	if len(r) > longestURL {
		return string(r[:longestURL]) + "…"
	}
	return string(r)
}

// fault says what is wrong with a link, "" if nothing is.
func (l Link) fault() linkFault {
	address := strings.TrimFunc(l.URL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	bare := strings.Map(func(r rune) rune { // browsers pass over these within a scheme
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, address)
	switch {
	case bare == "":
		return linkEmpty
	case hasPrefix(bare, []string{"javascript:", "vbscript:", "data:"}):
		return linkScript
	case hasPrefix(bare, []string{"file:", `\\`}), len(bare) > 2 && bare[1] == ':' && (bare[2] == '\\' || bare[2] == '/'):
		return linkLocal
	case strings.HasPrefix(bare, "www."):
		return linkBare
	case l.State == Dead:
		return linkDead
	}
	return web(address)
}

// web judges an address of the web; others, such as mailto and anchors, are left alone.
func web(address string) linkFault {
	lower := strings.ToLower(address)
	if strings.HasPrefix(lower, "//") {
		lower, address = "http:"+lower, "http:"+address
	}
	if !hasPrefix(lower, []string{"http", "ｈｔｔｐ"}) || hasPrefix(lower, []string{"httpd", "https.htm", "http.htm"}) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		if err == nil && u.Scheme == "" && path.Ext(address) != "" && !strings.Contains(lower, ":") && !strings.Contains(lower, "//") {
			return "" // a file of that name beside the page
		}
		return linkMalformed
	}
	if u.User != nil {
		return linkUser
	}
	return host(u.Hostname())
}

// host judges whom an address names.
func host(name string) linkFault {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if ip, err := netip.ParseAddr(name); err == nil {
		if ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
			return linkIntranet
		}
		return linkNumeric
	}
	switch {
	case name == "http", name == "https", name == "", strings.ContainsAny(name, " ，。：／"):
		return linkMalformed
	case !strings.Contains(name, "."), hasSuffix(name, []string{".local", ".lan", ".localhost", ".internal", ".intranet", ".corp", ".home"}):
		return linkIntranet
	case strings.Contains(name, ".."), strings.HasPrefix(name, "."):
		return linkMalformed
	}
	return ""
}

func hasSuffix(s string, all []string) bool {
	for _, end := range all {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// pictureWords: pictures that say something say it in words, too (R-WEB-40).
//
// 无障碍环境建设法第三十二条: sites of bodies that serve the public come up to accessible standards by and
// by; GB/T 37668 asks for a text beside every picture.
var pictureWords = check.Rule[*Subject]{
	Code: "R-WEB-40-alt", Severity: check.Warning,
	Cite: statute.Accessibility2023.Art(32), Title: i18n.M("gate.alt.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for _, m := range p.Images {
				switch {
				case m.Decorative:
				case m.Alt == "":
					g.add(check.Warning, m.At, m.At)
				case m.named():
					g.add(check.Info, m.At, m.At)
				}
			}
		}, shape{message: map[check.Severity]string{check.Warning: "gate.alt", check.Info: "gate.alt.name"}})
	},
}

// named reports whether a picture's words are but its file's name.
func (m Image) named() bool {
	alt := strings.ToLower(m.Alt)
	return hasSuffix(alt, []string{".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp"}) || alt == "图片" || alt == "image" || alt == "img"
}
