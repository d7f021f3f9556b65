package handlers

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// maxConnsPerIP bounds the connections that one address may hold; a trusted
// proxy, behind which everybody stands, is not counted. The server's own bound is
// not used: it takes a connection apart while a request of it may still be read.
const maxConnsPerIP = 64

// entrance is the listener with the bound.
type entrance struct {
	net.Listener
	trusted []netip.Prefix

	mu     sync.Mutex
	open   map[netip.Addr]int
	closed bool
}

func newEntrance(l net.Listener, proxies []string) *entrance {
	e := &entrance{Listener: l, open: map[netip.Addr]int{}}
	for _, p := range proxies {
		if prefix, err := netip.ParsePrefix(p); err == nil {
			e.trusted = append(e.trusted, prefix)
		} else if addr, err := netip.ParseAddr(p); err == nil {
			e.trusted = append(e.trusted, netip.PrefixFrom(addr, addr.BitLen()))
		}
	}
	return e
}

// Accept returns the next connection of an address that does not hold too many.
func (e *entrance) Accept() (net.Conn, error) {
	for {
		c, err := e.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, ok := c.RemoteAddr().(*net.TCPAddr)
		if !ok {
			return c, nil
		}
		addr := from.AddrPort().Addr().Unmap()
		if e.enter(addr) {
			return &guest{Conn: c, leave: sync.OnceFunc(func() { e.leave(addr) })}, nil
		}
		_ = c.Close()
	}
}

func (e *entrance) enter(addr netip.Addr) bool {
	for _, p := range e.trusted {
		if p.Contains(addr) {
			return true
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open[addr] >= maxConnsPerIP {
		return false
	}
	e.open[addr]++
	return true
}

func (e *entrance) leave(addr netip.Addr) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open[addr]--; e.open[addr] <= 0 {
		delete(e.open, addr)
	}
}

// Close may be called several times.
func (e *entrance) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	return e.Listener.Close()
}

// guest is a counted connection.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}

// Serve answers on the listener until it is closed.
func (a *App) Serve(l net.Listener) error {
	e := newEntrance(l, a.proxies)
	a.mu.Lock()
	a.entrance = e
	a.mu.Unlock()
	return a.Listener(e)
}

// farewell is how long clients that hold a connection open have to be told on
// their next request that it ends.
const farewell = time.Second

// Stop ends serving without breaking a request: nobody new is let in, every
// answer from now on says that its connection ends, and only connections that
// lie idle after a while are closed.
func (a *App) Stop(limit time.Duration) error {
	a.closing.Store(true)
	a.mu.Lock()
	e := a.entrance
	a.mu.Unlock()
	if e == nil {
		return nil
	}
	if err := e.Close(); err != nil {
		return err
	}
	for end := time.Now().Add(farewell); a.Server().GetOpenConnectionsCount() > 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	return a.ShutdownWithTimeout(limit - farewell)
}
