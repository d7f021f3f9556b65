package submissionstore

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// What the desk wrote down is mostly the same words again and again, and is
// deflated before it is sealed: a fifth of its size.

var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil { // only for a level that there is not
		panic(err)
	}
	return w
}}

// pack returns v as deflated JSON.
func pack(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&packed)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

var unpackers = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// unpack is the inverse of [pack]. It also reads plain JSON, which rows hold that
// did not change for long: a deflated text of ours never begins with its brace,
// as the lowest bit of the first byte marks the last block and ours ends with an
// empty one.
func unpack(packed []byte, v any) error {
	if bytes.HasPrefix(packed, []byte("{")) {
		return json.Unmarshal(packed, v)
	}
	r := unpackers.Get().(io.ReadCloser)
	defer unpackers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
		return err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("inflating: %w", err)
	}
	return json.Unmarshal(plain, v)
}
