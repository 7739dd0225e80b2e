package config

import (
	"net/mail"
	"net/url"
	"os"
)

func setAdminAddr(c *Config, v string) error {
	if v == "" {
		c.AdminAddr = ""
		return nil
	}
	other := Config{}
	if err := setAddr(&other, v); err != nil {
		return err
	}
	c.AdminAddr = other.Addr
	return nil
}

func setLogFormat(c *Config, v string) error {
	if v != "text" && v != "json" {
		return errLogFormat.With("value", v)
	}
	c.LogFormat = v
	return nil
}

// setSMTP takes no password: that stands in a file of its own.
func setSMTP(c *Config, v string) error {
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" || secretIn(u)) {
		return errSMTP
	}
	c.SMTP = v
	return nil
}

func secretIn(u *url.URL) bool {
	_, set := u.User.Password()
	return set
}

func setSMTPPasswordFile(c *Config, v string) error {
	if v != "" {
		if info, err := os.Stat(v); err != nil || !info.Mode().IsRegular() {
			return errUnreadable.With("value", v)
		}
	}
	c.SMTPPasswordFile = v
	return nil
}

func setMailFrom(c *Config, v string) error {
	if _, err := mail.ParseAddress(v); v != "" && err != nil {
		return errMailFrom.With("value", v)
	}
	c.MailFrom = v
	return nil
}
