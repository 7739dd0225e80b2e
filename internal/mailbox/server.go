package mailbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Server is a mailbox on a mail server, reached by IMAP.
type Server struct {
	address  string // host and port
	host     string
	user     string
	password string
	folder   string
	implicit bool // TLS from the first byte; else STARTTLS, which must succeed
	plain    bool // no TLS at all: within one machine there is no line to listen on
	roots    *x509.CertPool
}

// NewServer returns the mailbox at an address such as "imaps://user@host:993/INBOX", or nil when it
// is "". The password stands in a file. roots vouch for the server, nil for the machine's.
func NewServer(address, passwordFile string, roots *x509.CertPool) (*Server, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the mailbox: %w", err)
	}
	s := &Server{host: u.Hostname(), user: u.User.Username(), folder: strings.Trim(u.Path, "/"), implicit: u.Scheme == "imaps", roots: roots}
	if s.folder == "" {
		s.folder = "INBOX"
	}
	port := u.Port()
	switch {
	case port != "":
	case s.implicit:
		port = "993"
	default:
		port = "143"
	}
	s.address = net.JoinHostPort(s.host, port)
	ip := net.ParseIP(s.host)
	s.plain = !s.implicit && (s.host == "localhost" || ip != nil && ip.IsLoopback())
	text, err := os.ReadFile(passwordFile)
	if err != nil {
		return nil, fmt.Errorf("read the password of the mailbox: %w", err)
	}
	s.password = strings.TrimSpace(string(text))
	return s, nil
}

// name tells this mailbox from others in the record of how far it was read.
func (s *Server) name() string { return s.user + "@" + s.host + "/" + s.folder }

// dialTime is how long the server may take to answer at all.
const dialTime = 30 * time.Second

// connection is a conversation with the server.
type connection struct {
	c    *imapclient.Client
	stop func() bool
}

// open signs in and opens the folder for reading alone: what the office's own mail programs show
// as unread stays so. The conversation ends with ctx.
func (s *Server) open(ctx context.Context) (*connection, *imap.SelectData, error) {
	o := &imapclient.Options{TLSConfig: &tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}}
	raw, err := (&net.Dialer{Timeout: dialTime}).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return nil, nil, fmt.Errorf("reach the mailbox: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	c, err := s.client(ctx, raw, o)
	if err != nil {
		stop()
		return nil, nil, errors.Join(fmt.Errorf("reach the mailbox: %w", err), raw.Close())
	}
	k := &connection{c, stop}
	if err := c.Login(s.user, s.password).Wait(); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sign in to the mailbox: %w", err), k.close())
	}
	if c.Caps().Has(imap.CapID) { // some providers shut out programs that do not say what they are
		if _, err := c.ID(&imap.IDData{Name: "gongkai", Version: "1"}).Wait(); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("greet the mailbox: %w", err), k.close())
		}
	}
	data, err := c.Select(s.folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open the folder of the mailbox: %w", err), k.close())
	}
	return k, data, nil
}

// client speaks IMAP over a connection, within TLS unless the server is this machine.
func (s *Server) client(ctx context.Context, raw net.Conn, o *imapclient.Options) (*imapclient.Client, error) {
	switch {
	case s.implicit:
		ctx, cancel := context.WithTimeout(ctx, dialTime)
		defer cancel()
		secured := tls.Client(raw, o.TLSConfig)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		return imapclient.New(secured, o), nil
	case s.plain:
		return imapclient.New(raw, o), nil
	}
	return imapclient.NewStartTLS(raw, o)
}

// close ends the conversation.
func (k *connection) close() error {
	k.stop()
	return k.c.Close()
}

// search returns the keys of the mail from a number on that arrived since a day, in their order.
func (k *connection) search(from uint32, since time.Time) ([]imap.UID, error) {
	var set imap.UIDSet
	set.AddRange(imap.UID(from), 0)
	data, err := k.c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}, Since: since}, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("look for new mail: %w", err)
	}
	return data.AllUIDs(), nil
}

// letter is a mail as the server has it.
type letter struct {
	size    int64
	arrived time.Time
	raw     []byte // only the head of one too large
}

// fetch reads one mail: all of it, or its head where it is larger than most. It returns nil when
// the mail has gone meanwhile.
func (k *connection) fetch(uid imap.UID, most int64) (*letter, error) {
	one := imap.UIDSetNum(uid)
	found, err := k.c.Fetch(one, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
	if err != nil || len(found) == 0 {
		return nil, err
	}
	l := &letter{size: found[0].RFC822Size, arrived: found[0].InternalDate}
	part := &imap.FetchItemBodySection{Peek: true}
	if l.size > most {
		part.Specifier = imap.PartSpecifierHeader
		part.Partial = &imap.SectionPartial{Size: mostHead}
	}
	whole, err := k.c.Fetch(one, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{part}}).Collect()
	if err != nil || len(whole) == 0 {
		return nil, err
	}
	l.raw = whole[0].FindBodySection(part)
	return l, nil
}
