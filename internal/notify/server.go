package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"
)

// Server is the mail server that takes the installation's mail.
type Server struct {
	host     string
	port     int
	user     string
	password string
	ssl      bool
	policy   mail.TLSPolicy
	from     string
}

// NewServer returns the server at an address such as "smtp://user@host:587", or nil when it
// is "". The user's password stands in a file; from is the sender.
func NewServer(address, passwordFile, from string) (*Server, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the mail server: %w", err)
	}
	s := &Server{host: u.Hostname(), user: u.User.Username(), ssl: u.Scheme == "smtps", from: from, policy: mail.TLSMandatory, port: 587}
	switch {
	case s.ssl:
		s.port = 465
	case loopback(s.host):
		s.policy = mail.TLSOpportunistic // within one machine there is no line to listen on
	}
	if u.Port() != "" {
		s.port, err = strconv.Atoi(u.Port())
		if err != nil {
			return nil, fmt.Errorf("read the port of the mail server: %w", err)
		}
	}
	if s.from == "" {
		s.from = "gongkai@" + s.host
	}
	if passwordFile != "" {
		text, err := os.ReadFile(passwordFile)
		if err != nil {
			return nil, fmt.Errorf("read the password of the mail server: %w", err)
		}
		s.password = strings.TrimSpace(string(text))
	}
	return s, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// patience is how long one mail may take.
const patience = 30 * time.Second

func (s *Server) send(ctx context.Context, m *Mail, to string, head map[string]string) error {
	letter := mail.NewMsg()
	if err := errors.Join(letter.From(s.from), letter.To(to)); err != nil {
		return &unusable{err}
	}
	letter.Subject(m.Subject)
	letter.SetBodyString(mail.TypeTextPlain, m.Text)
	letter.SetMessageIDWithValue(m.ID + "@gongkai")
	letter.SetDateWithValue(m.Asked)
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	for name, value := range head {
		letter.SetGenHeader(mail.Header(name), oneLine(value))
	}
	options := []mail.Option{mail.WithPort(s.port), mail.WithTLSPolicy(s.policy), mail.WithTimeout(patience)}
	if s.ssl {
		options = append(options, mail.WithSSL())
	}
	if s.user != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.user), mail.WithPassword(s.password))
	}
	client, err := mail.NewClient(s.host, options...)
	if err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	return nil
}

// unusable is the error of an address no server can send to.
type unusable struct{ cause error }

func (u *unusable) Error() string { return "the address cannot be used" }
func (u *unusable) Unwrap() error { return u.cause }

// permanent reports whether trying again is of no use: the server said no to this letter.
func permanent(err error) bool {
	var s *mail.SendError
	var u *unusable
	return errors.As(err, &u) || errors.As(err, &s) && s.ErrorCode() >= 500 && s.ErrorCode() < 600
}

// trouble is what is recorded and logged of a failure: of an answer the code alone, for the
// server's words may repeat the address.
func trouble(err error) string {
	var s *mail.SendError
	if errors.As(err, &s) {
		return strings.TrimSpace(fmt.Sprintf("SMTP %d %s", s.ErrorCode(), s.EnhancedStatusCode()))
	}
	return err.Error()
}
