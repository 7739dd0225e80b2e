package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/i18n"
)

func TestDefaultsAnswerThisMachineOnlyAndKeepNothing(t *testing.T) {
	c, err := Load("", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{Addr: "127.0.0.1:8080", Lang: i18n.Chinese, MaxUpload: 268435456, Data: "gongkai-data", LogFormat: "text"}
	if c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestFlagsBeatEnvironmentBeatsFileBeatsDefaults(t *testing.T) {
	path := write(t, "# 设置\naddr = :9001\nlang = en\nmax_upload = 1MB\n\nbase_path = /file\n")
	env := []string{"GONGKAI_LANG=zh", "GONGKAI_BASE_PATH=/env", "GONGKAI_CORPUS=/x", "GONGKAI_TEST_PG=y", "HOME=/root"}
	c, err := Load(path, env, map[string]string{"base_path": "/flag"})
	if err != nil {
		t.Fatal(err)
	}
	want := Config{Addr: ":9001", Lang: i18n.Chinese, MaxUpload: 1048576, BasePath: "/flag", Data: "gongkai-data", LogFormat: "text"}
	if c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestEveryProblemIsListedWithItsPlace(t *testing.T) {
	path := write(t, "addr 8080\nadr = :1\nlang = fr\nlang = en\n")
	_, err := Load(path, []string{"GONGKAI_PORT=80", "GONGKAI_MAX_UPLOAD=2GB"}, map[string]string{"keep": "/no/such/folder", "base_path": "x"})
	if err == nil {
		t.Fatal("no error")
	}
	for _, where := range []string{path + ":1", path + ":2", path + ":3", path + ":4", "GONGKAI_PORT", "GONGKAI_MAX_UPLOAD", "--keep", "--base-path"} {
		if !strings.Contains(err.Error(), where) {
			t.Errorf("no word of %s in\n%v", where, err)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 8 {
		t.Errorf("%d problems listed, want 8:\n%v", n, err)
	}
}

func TestValues(t *testing.T) {
	tests := []struct {
		key, value string
		ok         bool
	}{
		{"addr", ":8080", true},
		{"addr", "[::1]:0", true},
		{"addr", "0.0.0.0:65535", true},
		{"addr", "0.0.0.0:65536", false},
		{"addr", "8080", false},
		{"addr", ":http", false},
		{"max_upload", "1", true},
		{"max_upload", "1GB", true},
		{"max_upload", "1073741825", false},
		{"max_upload", "0", false},
		{"max_upload", "-1", false},
		{"max_upload", "9999999999999G", false},
		{"max_upload", "64 MB", true},
		{"lang", "zh-CN", true},
		{"lang", "", false},
		{"base_path", "/", true},
		{"base_path", "/a/b", true},
		{"base_path", "/a/", false},
		{"base_path", "a", false},
		{"base_path", "/../a", false},
		{"https", "yes", true},
		{"https", "0", true},
		{"https", "on", false},
		{"keep", "", true},
		{"admin_addr", "127.0.0.1:9100", true},
		{"admin_addr", "", true},
		{"admin_addr", "9100", false},
		{"log_format", "json", true},
		{"log_format", "xml", false},
		{"smtp", "smtp://user@mail.example.com:587", true},
		{"smtp", "smtps://mail.example.com", true},
		{"smtp", "", true},
		{"smtp", "smtp://user:password@mail.example.com", false},
		{"smtp", "mail.example.com", false},
		{"smtp_password_file", "config_test.go", true},
		{"smtp_password_file", "no-such-file", false},
		{"mail_from", "公开 <open@example.com>", true},
		{"mail_from", "nobody", false},
		{"review_days", "1", true},
		{"review_days", "30", true},
		{"review_days", "0", false},
		{"review_days", "31", false},
		{"review_days", "five", false},
		{"report_by", "01-20", true},
		{"report_by", "", true},
		{"report_by", "04-01", false},
		{"government_report_by", "02-30", false},
		{"government_report_by", "2-1", false},
		{"keep", ".", true},
		{"keep", "config_test.go", false},
	}
	for _, test := range tests {
		_, err := Load("", nil, map[string]string{test.key: test.value})
		if (err == nil) != test.ok {
			t.Errorf("%s = %q: %v", test.key, test.value, err)
		}
	}
}

func TestMissingFileIsAProblem(t *testing.T) {
	if _, err := Load("no-such.conf", nil, nil); err == nil {
		t.Error("no error")
	}
}

func write(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "gongkai.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
