package handlers

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"okno/handlers/web"
	"okno/review"
)

const (
	// uploadsAtWork is how many uploads lie in memory at the same time. What is
	// on its way or waits for its turn is spooled, however slow its link is.
	uploadsAtWork = 3
	// uploadWait is how long a complete upload waits for its turn.
	uploadWait = 60 * time.Second
	// maxSpools bounds what all spools may take of the disk.
	maxSpools = 512
)

// bodies stands in front of everything else and reads the body of a request to
// its end before anybody looks at the request: a form into memory, an upload into
// a spool. The server hands bodies over as streams and would take what is left of
// one for the next request, so a body that is not read ends its connection.
type bodies struct {
	next fasthttp.RequestHandler
	fail func(*fasthttp.RequestCtx, error) // for what went wrong with the connection
	app  *fiber.App
	dir  string

	spools atomic.Int64
	turns  chan struct{} // full while all are taken; who waits is served in order
	wait   time.Duration
}

func (b *bodies) serve(r *fasthttp.RequestCtx) {
	if !r.Request.IsBodyStream() {
		b.next(r)
		return
	}
	size, limit := r.Request.Header.ContentLength(), limitOf(&r.Request.Header)
	if size < 0 || size > limit.MaxRequestBodySize { // less than 0: in chunks
		b.refuse(r, fasthttp.ErrBodyTooLarge)
		return
	}
	if size > web.MaxForm {
		b.upload(r, size)
		return
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r.Request.BodyStream(), body); err != nil {
		b.refuse(r, err)
		return
	}
	r.Request.SetBodyRaw(body)
	b.next(r)
}

var parts = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// upload spools a body, waits for a turn and passes the request on.
func (b *bodies) upload(r *fasthttp.RequestCtx, size int) {
	defer b.spools.Add(-1)
	if b.spools.Add(1) > maxSpools {
		b.refuse(r, review.ErrBusy)
		return
	}
	spool, err := web.NewSpool(b.dir)
	if err != nil {
		b.refuse(r, review.ErrBusy.Because(err))
		return
	}
	defer spool.Close()
	part := parts.Get().(*[32 << 10]byte)
	err = spool.Fill(r.Request.BodyStream(), size, part[:])
	parts.Put(part)
	if err != nil {
		b.refuse(r, err)
		return
	}
	r.Request.ResetBody() // read to its end
	late := time.NewTimer(b.wait)
	defer late.Stop()
	select {
	case b.turns <- struct{}{}:
	case <-late.C:
		b.answer(r, review.ErrBusy)
		return
	}
	defer func() { <-b.turns }()
	spool.Attach(r)
	b.next(r)
}

// refuse answers a request whose body was not read to its end.
func (b *bodies) refuse(r *fasthttp.RequestCtx, err error) {
	if review.KindOf(err) == review.Internal {
		b.fail(r, err)
	} else {
		b.answer(r, err)
	}
	r.SetConnectionClose()
}

// answer is the page of an error.
func (b *bodies) answer(r *fasthttp.RequestCtx, err error) {
	f := b.app.AcquireCtx(r)
	defer b.app.ReleaseCtx(f)
	_ = b.app.ErrorHandler(f, err) // has answered
}
