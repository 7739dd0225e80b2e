package config

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

// Channels are the settings of what reaches other machines: mailbox, short messages, events,
// identity. Each is off while its first setting is empty.
type Channels struct {
	// MailCAFile names a file with certificates of authorities that vouch for mail servers, beside
	// the machine's own.
	MailCAFile string
	// IMAP is the mailbox requests arrive in, "imaps://user@host/INBOX"; IMAPPasswordFile names the
	// file with its password, IMAPBody the body whose mailbox it is.
	IMAP, IMAPPasswordFile, IMAPBody string
	// SMS is the provider of short messages, "aliyun://KEY-ID@dysmsapi.aliyuncs.com"; SMSSecretFile
	// names the file with the key's secret, SMSSign is the registered signature, SMSTemplates say
	// which registered text is for what: "registered=SMS_1,replied=SMS_2".
	SMS, SMSSecretFile, SMSSign, SMSTemplates string
	// WebhookAllow are networks that receivers of events may stand in although they are not public.
	WebhookAllow string
	// Identity is the issuer of the platform that vouches for people; the others are what it gave us
	// and how it calls things.
	Identity, IdentityName, IdentityClient, IdentitySecretFile string
	IdentityScopes, IdentityClaims, IdentityLevels             string
}

// The faults of these settings.
var (
	errIncomplete     = &fault.Error{Kind: fault.Invalid, Code: "config.incomplete"}
	errIMAP           = &fault.Error{Kind: fault.Invalid, Code: "config.imap"}
	errSMS            = &fault.Error{Kind: fault.Invalid, Code: "config.sms"}
	errPairs          = &fault.Error{Kind: fault.Invalid, Code: "config.pairs"}
	errWebhookAllow   = &fault.Error{Kind: fault.Invalid, Code: "config.webhook_allow"}
	errIdentity       = &fault.Error{Kind: fault.Invalid, Code: "config.identity"}
	errIdentityClaims = &fault.Error{Kind: fault.Invalid, Code: "config.identity_claims"}
)

// channelSettings are the keys of the channels.
func channelSettings() []Setting {
	return []Setting{
		{"mail_ca_file", file(func(c *Config) *string { return &c.MailCAFile })},
		{"imap", setIMAP},
		{"imap_password_file", file(func(c *Config) *string { return &c.IMAPPasswordFile })},
		{"imap_body", text(func(c *Config) *string { return &c.IMAPBody })},
		{"sms", setSMS},
		{"sms_secret_file", file(func(c *Config) *string { return &c.SMSSecretFile })},
		{"sms_sign", text(func(c *Config) *string { return &c.SMSSign })},
		{"sms_templates", setSMSTemplates},
		{"webhook_allow", setWebhookAllow},
		{"identity", setIdentity},
		{"identity_name", text(func(c *Config) *string { return &c.IdentityName })},
		{"identity_client", text(func(c *Config) *string { return &c.IdentityClient })},
		{"identity_secret_file", file(func(c *Config) *string { return &c.IdentitySecretFile })},
		{"identity_scopes", text(func(c *Config) *string { return &c.IdentityScopes })},
		{"identity_claims", setIdentityClaims},
		{"identity_levels", text(func(c *Config) *string { return &c.IdentityLevels })},
	}
}

// text is a setting that may say anything in one line.
func text(of func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		*of(c) = strings.TrimSpace(v)
		return nil
	}
}

// file is a setting that names a file which must be there.
func file(of func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		if v != "" {
			if info, err := os.Stat(v); err != nil || !info.Mode().IsRegular() {
				return errUnreadable.With("value", v)
			}
		}
		*of(c) = v
		return nil
	}
}

// setIMAP takes no password: that stands in a file of its own.
func setIMAP(c *Config, v string) error {
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "imap" && u.Scheme != "imaps" || u.Hostname() == "" || u.User.Username() == "" || secretIn(u)) {
		return errIMAP
	}
	c.IMAP = v
	return nil
}

// setSMS takes no secret: that stands in a file of its own.
func setSMS(c *Config, v string) error {
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "aliyun" || u.Hostname() == "" || u.User.Username() == "" || u.Path != "" || secretIn(u)) {
		return errSMS
	}
	c.SMS = v
	return nil
}

// pairs reads "a=1,b=2".
func pairs(v string) (map[string]string, error) {
	all := map[string]string{}
	for _, one := range strings.Split(v, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		name, value, ok := strings.Cut(one, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if _, twice := all[name]; !ok || twice || name == "" || value == "" {
			return nil, errPairs.With("value", one)
		}
		all[name] = value
	}
	return all, nil
}

// smsTemplates are the names package sms knows; a test holds them alike.
var smsTemplates = []string{"registered", "correct", "extended", "replied", "fee", "code"}

func setSMSTemplates(c *Config, v string) error {
	all, err := pairs(v)
	if err != nil {
		return err
	}
	for name := range all {
		if !slices.Contains(smsTemplates, name) {
			return errPairs.With("value", name)
		}
	}
	c.SMSTemplates = v
	return nil
}

// Templates returns which registered text is for what.
func (c Channels) Templates() map[string]string {
	all, _ := pairs(c.SMSTemplates) // it was read when it was set
	return all
}

func setWebhookAllow(c *Config, v string) error {
	for _, one := range list(v) {
		if _, err := netip.ParsePrefix(one); err != nil {
			return errWebhookAllow.With("value", one)
		}
	}
	c.WebhookAllow = v
	return nil
}

// list reads what commas or spaces part.
func list(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
}

// WebhookNetworks returns the networks receivers of events may stand in beside the public ones.
func (c Channels) WebhookNetworks() (all []netip.Prefix) {
	for _, one := range list(c.WebhookAllow) {
		if p, err := netip.ParsePrefix(one); err == nil {
			all = append(all, p.Masked())
		}
	}
	return all
}

// setIdentity takes an address within TLS; on this machine, for tries, one without.
func setIdentity(c *Config, v string) error {
	u, err := url.Parse(v)
	switch {
	case v == "":
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errIdentity.With("value", v)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return errIdentity.With("value", v)
	}
	c.Identity = v
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// claimNames are the facts package identity knows; a test holds them alike.
var claimNames = []string{"subject", "name", "id_number", "phone", "email", "organisation", "credit_code", "kind", "legal", "level"}

func setIdentityClaims(c *Config, v string) error {
	all, err := pairs(v)
	if err != nil {
		return err
	}
	for name := range all {
		if !slices.Contains(claimNames, name) {
			return errIdentityClaims.With("value", name).With("known", claimNames)
		}
	}
	c.IdentityClaims = v
	return nil
}

// Claims returns what the platform calls the facts it tells of a person.
func (c Channels) Claims() map[string]string {
	all, _ := pairs(c.IdentityClaims) // it was read when it was set
	return all
}

// Levels returns the levels of assurance that are enough; none for any.
func (c Channels) Levels() []string { return list(c.IdentityLevels) }

// Scopes returns what the platform is asked for beside "openid".
func (c Channels) Scopes() []string { return list(c.IdentityScopes) }

// incomplete lists the channels that were begun and lack a setting: half a channel is none.
func (c Config) incomplete() (ps Problems) {
	need := func(key, value string, others ...string) {
		var missing []string
		for i := 0; i+1 < len(others); i += 2 {
			if others[i+1] == "" {
				missing = append(missing, others[i])
			}
		}
		if value != "" && len(missing) > 0 {
			ps = append(ps, Problem{key, errIncomplete.With("missing", missing).Message()})
		}
	}
	need("imap", c.IMAP, "imap_password_file", c.IMAPPasswordFile, "imap_body", c.IMAPBody)
	need("sms", c.SMS, "sms_secret_file", c.SMSSecretFile, "sms_sign", c.SMSSign, "sms_templates", c.SMSTemplates)
	need("identity", c.Identity, "identity_client", c.IdentityClient, "url", c.URL)
	return ps
}
