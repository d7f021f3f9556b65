package sqlite

import "sync/atomic"

// watcher is told every statement; nil outside of tests.
var watcher atomic.Pointer[func(query string)]

// Watch calls fn with the text of every statement that is about to run, from any
// goroutine, until the returned function is called. It lets a test look at all
// that a program asks the database. fn runs in the caller's goroutine, so that it
// may see who asks.
func Watch(fn func(query string)) (stop func()) {
	watcher.Store(&fn)
	return func() { watcher.CompareAndSwap(&fn, nil) }
}

func seen(query string) {
	if fn := watcher.Load(); fn != nil {
		(*fn)(query)
	}
}
