package web

import (
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// rateTerm is the time in which an address may ask as often as its limit says.
const rateTerm = 5 * time.Minute

// maxNetworks bounds what is remembered; beyond it, those that have been quiet
// are forgotten, and if there are none, everybody is.
const maxNetworks = 20_000

// rate counts requests of people who are not signed in, by network address. It
// is a token bucket per network, kept in memory: a restart forgives.
type rate struct {
	mu     sync.Mutex
	fullAt map[netip.Prefix]time.Time
}

// take takes one request's token and reports how long to wait if there is none.
func (r *rate) take(address string, limit int, now time.Time) (wait time.Duration) {
	key := networkOf(address)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fullAt == nil {
		r.fullAt = map[netip.Prefix]time.Time{}
	}
	full := r.fullAt[key]
	if full.Before(now) {
		full = now
	}
	if latest := now.Add(rateTerm); full.After(latest) { // the clock was set back
		full = latest
	}
	full = full.Add(rateTerm / time.Duration(limit))
	if over := full.Sub(now) - rateTerm; over > 0 {
		return over
	}
	if _, known := r.fullAt[key]; !known && len(r.fullAt) >= maxNetworks {
		r.forget(now)
	}
	r.fullAt[key] = full
	return 0
}

func (r *rate) forget(now time.Time) {
	for k, full := range r.fullAt {
		if !full.After(now) {
			delete(r.fullAt, k)
		}
	}
	if len(r.fullAt) >= maxNetworks {
		clear(r.fullAt)
	}
}

// networkOf is what addresses are counted by: an IPv4 address, or the /64 of an
// IPv6 address.
func networkOf(address string) netip.Prefix {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // always fits
	return p
}

// enough refuses somebody who is not signed in and asks too often. Looks at the
// desk's health are not counted.
func (k *Kit) enough(c *Ctx) error {
	if k.Anonymous == 0 || c.route.Background || c.session.Actor.IsStaff() || c.session.Actor.IsApplicant() {
		return nil
	}
	wait := k.rate.take(c.Address(), k.Anonymous, k.Clock.Now())
	if wait == 0 {
		return nil
	}
	c.f.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(wait/time.Second)+1))
	return fiber.NewError(fiber.StatusTooManyRequests)
}
