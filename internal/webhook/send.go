package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/job"
)

// PurgeJob forgets what was delivered long ago.
const PurgeJob = "webhook.purge"

// How deliveries are tried: our own arrangement, within what Standard Webhooks recommends. With
// the waits of package job the last attempt is some three days after the first.
const (
	Attempts = 12
	patience = 10 * time.Second // for one attempt
	longest  = time.Hour        // that a receiver's Retry-After is followed
	keepDone = 30 * 24 * time.Hour
	keepDead = 90 * 24 * time.Hour
)

// Handlers returns what runs the jobs.
func (d *Desk) Handlers() map[string]job.Handler {
	client := d.client()
	return map[string]job.Handler{
		DeliverJob: job.Handle(func(ctx context.Context, id string) error { return d.deliver(ctx, client, id) }),
		PurgeJob:   job.Handle(func(ctx context.Context, _ struct{}) error { return d.Purge(ctx) }),
	}
}

// Schedules returns when the jobs run by themselves.
func Schedules() []job.Schedule { return []job.Schedule{job.Daily(PurgeJob, 2, 50)} }

// Purge forgets what was delivered a month ago, and what was given up three months ago.
func (d *Desk) Purge(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error { return forget(tx, tx.Now.Add(-keepDone), tx.Now.Add(-keepDead)) })
}

// client connects to nothing the guard forbids, asks no proxy, and goes nowhere it is sent on to.
func (d *Desk) client() *http.Client {
	dialer := &net.Dialer{Timeout: patience, Control: guard(d.Allow).control}
	return &http.Client{
		Timeout: patience,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: d.Roots, MinVersion: tls.VersionTLS12},
			MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// parcel is everything one attempt needs.
type parcel struct {
	to       *Delivery
	sub      *Subscription
	event    *event
	secrets  [][]byte // the present one first
	attempts time.Time
}

// deliver makes one attempt. A crash between the receiver's answer and its record makes one more:
// receivers know a repeated event by its id.
func (d *Desk) deliver(ctx context.Context, client *http.Client, id string) error {
	p, err := d.load(ctx, id)
	if errors.Is(err, ErrNone) {
		return job.Cancel(err) // the subscription was removed
	}
	if err != nil || p.to.State != Waiting {
		return err
	}
	if !p.sub.Live {
		return d.end(ctx, p, result{gone: true, why: "the subscription is off"})
	}
	return d.end(ctx, p, p.send(ctx, client))
}

func (d *Desk) load(ctx context.Context, id string) (*parcel, error) {
	p := &parcel{}
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		p.attempts = tx.Now
		if p.to, err = loadDelivery(tx, id); err != nil {
			return err
		}
		if p.sub, err = load(tx, p.to.Subscription); err != nil {
			return err
		}
		p.event, err = loadEvent(tx, p.to.Event)
		return err
	})
	if err != nil {
		return nil, err
	}
	sealed := []string{p.sub.secret}
	if p.sub.previous != "" && p.attempts.Before(p.sub.Until) {
		sealed = append(sealed, p.sub.previous)
	}
	for _, one := range sealed {
		key, err := d.Keys.Open(purpose(p.sub.ID), one)
		if err != nil {
			return nil, job.Cancel(err)
		}
		p.secrets = append(p.secrets, key)
	}
	return p, nil
}

// result is how an attempt ended.
type result struct {
	status int
	why    string // "" for success
	gone   bool   // further attempts are of no use
	wait   time.Duration
}

// send makes the request. The body is signed anew for every attempt, with its time.
func (p *parcel) send(ctx context.Context, client *http.Client) result {
	body, err := p.event.body()
	if err != nil {
		return result{why: err.Error(), gone: true}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.sub.URL, bytes.NewReader(body))
	if err != nil {
		return result{why: "the address cannot be used", gone: true}
	}
	stamp := strconv.FormatInt(p.attempts.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "gongkai-webhook/1")
	r.Header.Set("Webhook-Id", p.event.id)
	r.Header.Set("Webhook-Timestamp", stamp)
	r.Header.Set("Webhook-Signature", signatures(p.secrets, p.event.id, stamp, body))
	a, err := client.Do(r)
	if err != nil {
		return result{why: plain(err)}
	}
	defer a.Body.Close()
	_, _ = io.CopyN(io.Discard, a.Body, 4<<10) // so that the connection can be used again; what is said there is nothing to us
	return judge(a)
}

// judge says what an answer means.
func judge(a *http.Response) result {
	res := result{status: a.StatusCode}
	switch {
	case a.StatusCode >= 200 && a.StatusCode < 300:
		return res
	case a.StatusCode == http.StatusGone:
		res.gone = true
	case a.StatusCode == http.StatusTooManyRequests, a.StatusCode == http.StatusServiceUnavailable:
		if n, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && n > 0 {
			res.wait = min(time.Duration(n)*time.Second, longest)
		}
	}
	res.why = fmt.Sprintf("HTTP %d", a.StatusCode)
	return res
}

// plain is an error of the network without the address, which may carry a key of the receiver's.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// signatures signs as Standard Webhooks says: HMAC-SHA256 over id, time and body, once with each
// secret that counts.
func signatures(secrets [][]byte, id, stamp string, body []byte) string {
	var all string
	for i, key := range secrets {
		if i > 0 {
			all += " "
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		all += "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return all
}

// end records an attempt. An answer 410 ends the subscription.
func (d *Desk) end(ctx context.Context, p *parcel, res result) error {
	to := p.to
	to.Attempts++
	to.Status, to.Trouble = int64(res.status), res.why
	switch {
	case res.why == "":
		to.State = Done
	case res.gone || to.Attempts >= Attempts:
		to.State = Dead
	}
	err := d.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if res.status == http.StatusGone {
			if err := quit(tx, p.sub.ID); err != nil {
				return err
			}
		}
		return tried(tx, to)
	})
	switch {
	case err != nil || to.State == Done:
		return err
	case to.State == Dead:
		return job.Cancel(errors.New(res.why))
	case res.wait > 0:
		return job.Snooze(res.wait)
	}
	return errors.New(res.why)
}
