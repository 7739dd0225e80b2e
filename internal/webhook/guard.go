package webhook

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
)

// guard is the networks beside the public ones in which receivers may stand. Who may enter an
// address here must not reach with it what only this machine can reach: so the address is judged
// when it is entered and again, whatever its name has come to mean, when it is connected to.
type guard []netip.Prefix

// errWithin refuses to connect to an address that is not public.
var errWithin = errors.New("the receiver's address is not public and not among those allowed")

// closed are the networks no public receiver stands in, beside those netip knows: RFC 6890 and
// its successors. Those that carry other addresses within them are closed as a whole.
var closed = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10")

func prefixes(all ...string) (list []netip.Prefix) {
	for _, one := range all {
		list = append(list, netip.MustParsePrefix(one))
	}
	return list
}

func within(all []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(all, func(p netip.Prefix) bool { return p.Contains(a) })
}

// allows reports whether a receiver may stand at an address.
func (g guard) allows(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if within(g, a) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !within(closed, a)
}

// url refuses what is no address of a receiver. Without TLS only a machine of an allowed network
// is told of anything, and only by its number: on the way there a name could become another's.
func (g guard) url(text string) error {
	u, err := url.Parse(text)
	if err != nil || len(text) > mostURL || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return ErrURL
	}
	literal, err := netip.ParseAddr(u.Hostname())
	numbered := err == nil
	switch {
	case numbered && !g.allows(literal):
		return ErrWithin
	case u.Scheme == "https", u.Scheme == "http" && numbered && within(g, literal.Unmap()):
		return nil
	}
	return ErrURL
}

// control is asked by the dialer before each connection, with the address the name came to.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !g.allows(to.Addr()) {
		return errWithin
	}
	return nil
}
