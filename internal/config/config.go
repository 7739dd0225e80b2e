// Package config holds the settings of a running server (配置): one struct, filled from its
// defaults, then a file, then the environment, then flags. What is unknown or wrong stops
// the start, and all of it is listed at once.
package config

import (
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Config is every setting there is.
type Config struct {
	// AdminAddr is where monitoring asks: health and figures. Empty means nowhere.
	AdminAddr string
	// LogFormat is "text" or "json".
	LogFormat string
	// SMTP is the mail server, "smtp://user@host:587" or "smtps://user@host:465"; empty, the
	// default, means that no mail is sent.
	SMTP string
	// SMTPPasswordFile names the file with the password of the SMTP user.
	SMTPPasswordFile string
	// MailFrom is the address mail comes from.
	MailFrom string
	// Addr is the address and port to listen on. The default answers this machine only:
	// opening it to a network is a decision.
	Addr string
	// Lang is the language of pages that do not say theirs, and of the command line.
	Lang i18n.Lang
	// MaxUpload is the most bytes one upload may have, all its files together.
	MaxUpload int64
	// Keep is a folder where uploaded files are kept when the person uploading asks for it.
	// Empty, the default, means nothing is ever kept.
	Keep string
	// HTTPS says that browsers reach the desk over TLS, which a proxy in front of it ends;
	// cookies are then marked Secure.
	HTTPS bool
	// Data is the folder of the installation: its database, unless Database names another,
	// its key file, its attachments and its text index. It is made when it is not there.
	Data string
	// Database is the address of a PostgreSQL database, "postgres://…"; "" keeps everything
	// in a SQLite file in Data.
	Database string
	// URL is the address people reach the installation under, such as
	// "https://gongkai.example.gov.cn". Passkeys need it, and links in mails.
	URL string
	// Name is what the installation calls itself on its pages; "" leaves that to the product.
	Name string
	// ReviewDays is how many working days one review may take; 0 leaves it to the product.
	ReviewDays int
	// LedgerName is what the public log is called, such as "gongkai.example.gov.cn/ledger"; "" makes
	// it of URL. Once the log has entries the name stays.
	LedgerName string
	// MirrorDir is the folder in which a copy of the public's pages is kept as plain files; "" for none.
	MirrorDir string
	// BasePath is the path under which a proxy shows the desk, such as "/gongkai"; "" is the root.
	BasePath string

	Channels
	Reports
}

// Default returns the settings of a server nobody configured.
func Default() Config {
	return Config{LogFormat: "text", Addr: "127.0.0.1:8080", Lang: i18n.Chinese, MaxUpload: 256 << 20, Data: "gongkai-data"}
}

// Setting is one key of the configuration.
type Setting struct {
	Key string // in the file; in the environment GONGKAI_KEY; as a flag --key with dashes
	set func(*Config, string) error
}

// Settings lists the keys in the order they are documented.
func Settings() []Setting {
	return append([]Setting{
		{"addr", setAddr},
		{"lang", setLang},
		{"data", setData},
		{"database", setDatabase},
		{"url", setURL},
		{"name", setName},
		{"max_upload", setMaxUpload},
		{"keep", setKeep},
		{"base_path", setBasePath},
		{"https", setHTTPS},
		{"admin_addr", setAdminAddr},
		{"log_format", setLogFormat},
		{"smtp", setSMTP},
		{"smtp_password_file", setSMTPPasswordFile},
		{"mail_from", setMailFrom},
		{"review_days", setReviewDays},
		{"ledger_name", setLedgerName},
		{"mirror_dir", setMirrorDir},
	}, slices.Concat(channelSettings(), reportSettings())...)
}

// Env returns the name of the environment variable that sets s.
func (s Setting) Env() string { return prefix + strings.ToUpper(s.Key) }

// Flag returns the name of the flag that sets s.
func (s Setting) Flag() string { return strings.ReplaceAll(s.Key, "_", "-") }

const prefix = "GONGKAI_"

// Problem is one thing wrong with the configuration, and where.
type Problem struct {
	Where   string // "gongkai.conf:3", "GONGKAI_ADDR", "--addr"
	Message i18n.Message
}

// Problems is everything that was wrong; it is an error a person can act on.
type Problems []Problem

// Error lists the problems in Chinese, the language of the users.
func (ps Problems) Error() string { return ps.Text(i18n.To(i18n.Chinese)) }

// Text lists the problems, one a line.
func (ps Problems) Text(p i18n.Printer) string {
	lines := make([]string, len(ps))
	for i, one := range ps {
		lines[i] = p.T("config.problem", "where", one.Where, "message", one.Message)
	}
	return strings.Join(lines, "\n")
}

// The faults of single values.
var (
	errUnknownKey = &fault.Error{Kind: fault.Invalid, Code: "config.unknown_key"}
	errSyntax     = &fault.Error{Kind: fault.Invalid, Code: "config.syntax"}
	errTwice      = &fault.Error{Kind: fault.Invalid, Code: "config.twice"}
	errAddr       = &fault.Error{Kind: fault.Invalid, Code: "config.addr"}
	errLang       = &fault.Error{Kind: fault.Invalid, Code: "config.lang"}
	errMaxUpload  = &fault.Error{Kind: fault.Invalid, Code: "config.max_upload"}
	errData       = &fault.Error{Kind: fault.Invalid, Code: "config.data"}
	errDatabase   = &fault.Error{Kind: fault.Invalid, Code: "config.database"}
	errURL        = &fault.Error{Kind: fault.Invalid, Code: "config.url"}
	errKeep       = &fault.Error{Kind: fault.Invalid, Code: "config.keep"}
	errBasePath   = &fault.Error{Kind: fault.Invalid, Code: "config.base_path"}
	errHTTPS      = &fault.Error{Kind: fault.Invalid, Code: "config.https"}
	errLogFormat  = &fault.Error{Kind: fault.Invalid, Code: "config.log_format"}
	errSMTP       = &fault.Error{Kind: fault.Invalid, Code: "config.smtp"}
	errLedgerName = &fault.Error{Kind: fault.Invalid, Code: "config.ledger_name"}
	errMirrorDir  = &fault.Error{Kind: fault.Invalid, Code: "config.mirror_dir"}
	errReviewDays = &fault.Error{Kind: fault.Invalid, Code: "config.review_days"}
	errMailFrom   = &fault.Error{Kind: fault.Invalid, Code: "config.mail_from"}
	errUnreadable = &fault.Error{Kind: fault.NotFound, Code: "config.unreadable"}
)

// Load fills a Config: defaults, then file (none when path is ""), then environ, then flags
// by key. It returns Problems listing everything that is wrong.
func Load(path string, environ []string, flags map[string]string) (Config, error) {
	c := Default()
	var ps Problems
	if path != "" {
		ps = append(ps, c.file(path)...)
	}
	ps = append(ps, c.environ(environ)...)
	for _, s := range Settings() {
		if v, given := flags[s.Key]; given {
			ps = append(ps, c.apply("--"+s.Flag(), s.Key, v)...)
		}
	}
	if len(ps) == 0 {
		ps = c.incomplete()
	}
	if len(ps) > 0 {
		return Config{}, ps
	}
	return c, nil
}

// file reads lines of "key = value"; empty lines and lines that begin with # say nothing.
func (c *Config) file(path string) Problems {
	b, err := os.ReadFile(path)
	if err != nil {
		return Problems{{path, errUnreadable.Message()}}
	}
	var ps Problems
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimPrefix(string(b), "\ufeff"), "\n") {
		where := path + ":" + strconv.Itoa(i+1)
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		switch {
		case !ok:
			ps = append(ps, Problem{where, errSyntax.With("line", line).Message()})
		case seen[key]:
			ps = append(ps, Problem{where, errTwice.With("key", key).Message()})
		default:
			ps = append(ps, c.apply(where, key, strings.TrimSpace(value))...)
		}
		seen[key] = true
	}
	return ps
}

// environ reads the variables that begin with GONGKAI_. Those of the tests are theirs.
func (c *Config) environ(environ []string) Problems {
	var ps Problems
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		key, ours := strings.CutPrefix(name, prefix)
		if !ours || key == "CORPUS" || strings.HasPrefix(key, "TEST_") {
			continue
		}
		ps = append(ps, c.apply(name, strings.ToLower(key), value)...)
	}
	return ps
}

func (c *Config) apply(where, key, value string) Problems {
	for _, s := range Settings() {
		if s.Key != key {
			continue
		}
		if err := s.set(c, value); err != nil {
			m, _ := fault.MessageOf(err)
			return Problems{{where, m}}
		}
		return nil
	}
	return Problems{{where, errUnknownKey.With("key", key).With("known", known()).Message()}}
}

func known() []string {
	var keys []string
	for _, s := range Settings() {
		keys = append(keys, s.Key)
	}
	return keys
}

func setAddr(c *Config, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return errAddr.With("value", v)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return errAddr.With("value", v)
	}
	c.Addr = v
	return nil
}

func setLang(c *Config, v string) error {
	switch strings.ToLower(v) {
	case "zh", "zh-cn", "zh_cn":
		c.Lang = i18n.Chinese
	case "en":
		c.Lang = i18n.English
	default:
		return errLang.With("value", v)
	}
	return nil
}

func setData(c *Config, v string) error {
	if info, err := os.Stat(v); v == "" || err == nil && !info.IsDir() {
		return errData.With("value", v)
	}
	c.Data = v
	return nil
}

// setDatabase never repeats the value: it holds a password.
func setDatabase(c *Config, v string) error {
	if v != "" && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") && !strings.HasPrefix(v, "sqlite:") {
		return errDatabase
	}
	c.Database = v
	return nil
}

func setURL(c *Config, v string) error {
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.User != nil) {
		return errURL.With("value", v)
	}
	c.URL = strings.TrimRight(v, "/")
	return nil
}

func setName(c *Config, v string) error {
	c.Name = v
	return nil
}

// maxUploadLimit bounds the bound: readers hold a file in memory while they read it.
const maxUploadLimit = 1 << 30

func setMaxUpload(c *Config, v string) error {
	n, ok := bytes(v)
	if !ok || n < 1 || n > maxUploadLimit {
		return errMaxUpload.With("value", v)
	}
	c.MaxUpload = n
	return nil
}

// longestLedgerName keeps checkpoints short.
const longestLedgerName = 200

// setLedgerName takes what the format of signed notes lets a key be called: no spaces and no "+".
func setLedgerName(c *Config, v string) error {
	if len(v) > longestLedgerName || strings.ContainsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '+' }) {
		return errLedgerName.With("value", v)
	}
	c.LedgerName = v
	return nil
}

// setMirrorDir takes a folder, which need not be there yet.
func setMirrorDir(c *Config, v string) error {
	if info, err := os.Stat(v); v != "" && err == nil && !info.IsDir() {
		return errMirrorDir.With("value", v)
	}
	c.MirrorDir = v
	return nil
}

// Ledger returns what the public log is called: its setting, else the installation's address; "" for
// an installation that has neither.
func (c Config) Ledger() string {
	u, err := url.Parse(c.URL)
	if c.LedgerName != "" || err != nil || u.Host == "" {
		return c.LedgerName
	}
	return u.Host + c.BasePath + "/ledger"
}

// longestReview is the longest limit seen in local rules, doubled.
const longestReview = 30

func setReviewDays(c *Config, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > longestReview {
		return errReviewDays.With("value", v).With("most", longestReview)
	}
	c.ReviewDays = n
	return nil
}

// bytes reads a number of bytes: "1048576", "500KB", "64MB", "1GB", with or without the B.
func bytes(v string) (int64, bool) {
	v = strings.TrimSuffix(strings.ToUpper(v), "B")
	shift := 0
	for unit, bits := range map[string]int{"K": 10, "M": 20, "G": 30} {
		if n, ok := strings.CutSuffix(v, unit); ok {
			v, shift = strings.TrimSpace(n), bits
			break
		}
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 || n > maxUploadLimit {
		return 0, false
	}
	return n << shift, true
}

func setKeep(c *Config, v string) error {
	if v != "" {
		if info, err := os.Stat(v); err != nil || !info.IsDir() {
			return errKeep.With("value", v)
		}
	}
	c.Keep = v
	return nil
}

func setBasePath(c *Config, v string) error {
	if v == "/" {
		v = ""
	}
	if v != "" && (!strings.HasPrefix(v, "/") || strings.HasSuffix(v, "/") || strings.ContainsAny(v, " ?#%\"'<>\\") || strings.Contains(v, "//") || strings.Contains(v, "..")) {
		return errBasePath.With("value", v)
	}
	c.BasePath = v
	return nil
}

func setHTTPS(c *Config, v string) error {
	switch strings.ToLower(v) {
	case "yes", "true", "1":
		c.HTTPS = true
	case "no", "false", "0":
		c.HTTPS = false
	default:
		return errHTTPS.With("value", v)
	}
	return nil
}
