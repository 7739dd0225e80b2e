package verifier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Site checks the site at an address against its log.
func Site(ctx context.Context, address string, o Options) (*Report, error) {
	u, err := url.Parse(strings.TrimRight(address, "/") + "/")
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, ErrUnreached.Because(err)
	}
	return check(ctx, &site{u, &http.Client{Timeout: 2 * time.Minute}}, o)
}

type site struct {
	base   *url.URL
	client *http.Client
}

// The most that is read of one thing; files of documents are read to their end and not kept.
const (
	maxText = 64 << 20
	maxFile = 4 << 30
)

// tries is how often an address is asked for that does not answer.
const tries = 3

// open asks for an address.
func (s *site) open(ctx context.Context, u *url.URL) (*http.Response, error) {
	var last error
	for n := range tries {
		if n > 0 {
			select {
			case <-time.After(time.Duration(n) * time.Second):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, ErrAnswer.With("address", u.String()).Because(err)
		}
		a, err := s.client.Do(q)
		if err != nil {
			last = err
			continue
		}
		switch {
		case a.StatusCode == http.StatusOK:
			return a, nil
		case a.StatusCode == http.StatusNotFound, a.StatusCode == http.StatusGone:
			return nil, errors.Join(errGone, a.Body.Close())
		}
		last = errors.Join(fmt.Errorf("status %d", a.StatusCode), a.Body.Close())
		if a.StatusCode < 500 && a.StatusCode != http.StatusTooManyRequests {
			break
		}
	}
	return nil, ErrAnswer.With("address", u.String()).Because(last)
}

// read returns all there is at an address below the site's.
func (s *site) read(ctx context.Context, path string) ([]byte, *url.URL, error) {
	a, err := s.open(ctx, s.base.JoinPath(path))
	if err != nil {
		return nil, nil, err
	}
	defer a.Body.Close()
	data, err := io.ReadAll(io.LimitReader(a.Body, maxText+1))
	if err != nil {
		return nil, nil, ErrAnswer.With("address", a.Request.URL.String()).Because(err)
	}
	if len(data) > maxText {
		return nil, nil, ErrTooLarge.With("name", a.Request.URL.String())
	}
	return data, a.Request.URL, nil
}

func (s *site) log(ctx context.Context, path string) ([]byte, error) {
	data, _, err := s.read(ctx, path)
	return data, err
}

func (s *site) record(ctx context.Context, item string) ([]byte, error) {
	return s.log(ctx, "items/"+item+"/record.json")
}

func (s *site) pages(ctx context.Context, item string) ([]*copied, error) {
	data, at, err := s.read(ctx, "items/"+item+".html")
	if err != nil {
		return nil, err
	}
	return []*copied{{at.String(), data}}, nil
}

func (s *site) file(ctx context.Context, from *copied, href string) (string, error) {
	u, err := url.Parse(from.where)
	if err == nil {
		u, err = u.Parse(href)
	}
	if err != nil || u.Host != s.hostOf(from) {
		return "", errGone
	}
	a, err := s.open(ctx, u)
	if err != nil {
		return "", err
	}
	defer a.Body.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(a.Body, maxFile+1))
	if err != nil {
		return "", ErrAnswer.With("address", u.String()).Because(err)
	}
	if n > maxFile {
		return "", ErrTooLarge.With("name", u.String())
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// hostOf is where a page stands: its files stand there too, and a page that was altered shall not
// send whoever checks it to a machine of its choice.
func (s *site) hostOf(from *copied) string {
	u, err := url.Parse(from.where)
	if err != nil {
		return s.base.Host
	}
	return u.Host
}

// sitemap is both forms of a site map: of pages and of further maps.
type sitemap struct {
	Pages []string `xml:"url>loc"`
	Maps  []string `xml:"sitemap>loc"`
}

var itemPage = regexp.MustCompile(`(?:^|/)items/([0-9A-Za-z-]{1,64})\.html$`)

// mostMaps bounds how many site maps are read, mostPages how many pages they may name: a site that
// is not what it should be shall not fill the memory of who checks it.
const (
	mostMaps  = 10_000
	mostPages = 10_000_000
)

// items reads the site's map.
func (s *site) items(ctx context.Context) (map[string]string, bool, error) {
	all := map[string]string{}
	queue := []string{s.base.JoinPath("sitemap.xml").String()}
	for n := 0; n < len(queue) && n < mostMaps; n++ {
		u, err := url.Parse(queue[n])
		if err != nil {
			continue
		}
		m, err := s.sitemap(ctx, u)
		if errors.Is(err, errGone) {
			return all, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		for _, loc := range m.Pages {
			if found := itemPage.FindStringSubmatch(loc); found != nil {
				all[found[1]] = loc
			}
		}
		if len(all) > mostPages {
			return nil, false, ErrTooLarge.With("name", u.String())
		}
		for _, loc := range m.Maps { // the map may name hosts this check did not come by
			if other, err := url.Parse(loc); err == nil && len(queue) < mostMaps {
				other.Scheme, other.Host = u.Scheme, u.Host
				queue = append(queue, other.String())
			}
		}
	}
	return all, true, nil
}

func (s *site) sitemap(ctx context.Context, u *url.URL) (*sitemap, error) {
	a, err := s.open(ctx, u)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	m := &sitemap{}
	if err := xml.NewDecoder(io.LimitReader(a.Body, maxText)).Decode(m); err != nil {
		return nil, errGone
	}
	return m, nil
}
