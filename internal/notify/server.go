package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	mime "mime"
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
	roots    *x509.CertPool
}

// NewServer returns the server at an address such as "smtp://user@host:587", or nil when it
// is "". The user's password stands in a file; from is the sender. roots vouch for the server, nil
// for the machine's.
func NewServer(address, passwordFile, from string, roots *x509.CertPool) (*Server, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the mail server: %w", err)
	}
	s := &Server{host: u.Hostname(), user: u.User.Username(), ssl: u.Scheme == "smtps", from: from, policy: mail.TLSMandatory, port: 587, roots: roots}
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

// Roots returns the machine's authorities and those of a file beside them: servers within a network
// of its own have certificates nobody else knows. It returns nil, which stands for the machine's, when
// file is "".
func Roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the certificates for mail servers: %w", err)
	}
	all, err := x509.SystemCertPool()
	if err != nil {
		all = x509.NewCertPool()
	}
	if !all.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read the certificates for mail servers: %s holds none", file)
	}
	return all, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// patience is how long one mail may take.
const patience = 30 * time.Second

// domain is what the Message-IDs of our mails end in: the sender's, so that no server takes them
// for forged.
func (s *Server) domain() string {
	_, host, _ := strings.Cut(strings.TrimRight(s.from, "> "), "@")
	return host
}

func (s *Server) send(ctx context.Context, p *parcel) error {
	letter, err := s.letter(p)
	if err != nil {
		return err
	}
	options := []mail.Option{mail.WithPort(s.port), mail.WithTLSPolicy(s.policy), mail.WithTimeout(patience),
		mail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12})}
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

// letter writes a mail.
func (s *Server) letter(p *parcel) (*mail.Msg, error) {
	letter := mail.NewMsg()
	if err := errors.Join(letter.From(s.from), letter.AddToFormat(oneLine(p.Name), p.to)); err != nil {
		return nil, &unusable{err}
	}
	letter.Subject(p.own.Subject)
	letter.SetBodyString(mail.TypeTextPlain, p.own.Text)
	letter.SetMessageIDWithValue(p.ID + "@" + s.domain())
	letter.SetDateWithValue(p.Asked)
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	if a := oneLine(p.Answers); a != "" && !strings.ContainsAny(a, "<> ") {
		letter.SetGenHeaderPreformatted("In-Reply-To", "<"+a+">")
		letter.SetGenHeaderPreformatted("References", "<"+a+">")
	}
	for name, value := range p.head {
		letter.SetGenHeader(mail.Header(name), oneLine(value))
	}
	for _, f := range p.files {
		letter.AttachReadSeeker(f.Name, bytes.NewReader(f.Data), named(f))
	}
	return letter, nil
}

// longestName bounds the name of a file, in characters: with every one escaped its line stays
// within what servers take.
const longestName = 80

// named writes a file's name as RFC 2231 says, and beside it as older programs expect it.
func named(f File) mail.FileOption {
	name := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:"`, r) {
			return '_'
		}
		return r
	}, f.Name))
	if n := len(name); n > longestName { // its ending tells what it is
		name = append(name[:longestName-10], name[n-10:]...)
	}
	media := f.Media
	if _, _, err := mime.ParseMediaType(media); err != nil {
		media = "application/octet-stream"
	}
	return func(one *mail.File) {
		one.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(name)}))
		one.Header.Set("Content-Type", media+`; name="`+mime.BEncoding.Encode("utf-8", string(name))+`"`)
	}
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
