package pdfdoc

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"io"

	"okno/review/scan"
)

const (
	// pictureBudget bounds the inflated size of all streams: twenty colour pages at 300 dpi without loss.
	pictureBudget = 640 << 20
	// otherBudget bounds what is not a picture: structure, page content, fonts.
	otherBudget = 64 << 20
	// opaqueBudget bounds the number of streams that are not pictures and cannot be measured from outside.
	opaqueBudget = 128
	maxStreams   = 20_000
	// maxDictionary bounds the search for the dictionary in front of a stream.
	maxDictionary = 16 << 10
)

// defuse inflates every compressed stream of the file into nothing and refuses when that is too much. It works
// on raw bytes, so it sees streams that no table mentions, too.
func defuse(ctx context.Context, body []byte) error {
	encrypted := bytes.Contains(body, []byte("/Encrypt"))
	var all, other int64
	opaque, streams := 0, 0
	dictFrom, at := 0, 0
	for {
		i := bytes.Index(body[at:], []byte("stream"))
		if i < 0 {
			return nil
		}
		i += at
		at = i + len("stream")
		if i >= 3 && string(body[i-3:i]) == "end" {
			dictFrom = at
			continue
		}
		data, ok := streamData(body, at)
		if !ok {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if streams++; streams > maxStreams {
			return refuse(scan.ReasonBomb, "more than %d streams", maxStreams)
		}
		dict := dictionaryText(body[dictFrom:i])
		picture := picturesque(dict)
		if !picture && (encrypted || filtersHidden(dict)) {
			if opaque++; opaque > opaqueBudget {
				return refuse(scan.ReasonBomb, "too many streams behind several filters")
			}
		}
		left := pictureBudget - all
		if !picture {
			left = min(left, otherBudget-other)
		}
		n := inflated(data, left+1, doubled(dict))
		all += n
		if !picture {
			other += n
		}
		if n > left {
			return refuse(scan.ReasonBomb, "streams inflate beyond the budget")
		}
	}
}

// streamData returns the bytes behind the keyword. The end is where zlib says it is, so none is sought here.
func streamData(body []byte, at int) ([]byte, bool) {
	switch {
	case at+1 < len(body) && body[at] == '\r' && body[at+1] == '\n':
		return body[at+2:], true
	case at < len(body) && (body[at] == '\n' || body[at] == '\r'):
		return body[at+1:], true
	}
	return nil, false
}

// dictionaryText is the text of the stream's dictionary with escaped names written out, from the last object
// boundary on. At most 16 KB are looked at; longer dictionaries do not pass for pictures.
func dictionaryText(text []byte) []byte {
	cut := len(text) > maxDictionary
	if cut {
		text = text[len(text)-maxDictionary:]
	}
	i := bytes.LastIndex(text, []byte("endobj"))
	switch {
	case i >= 0:
		text = text[i+len("endobj"):]
	case cut:
		return nil
	}
	if !bytes.ContainsRune(text, '#') {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '#' && i+2 < len(text) {
			if hi, lo := unhex(text[i+1]), unhex(text[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// picturesque tells whether a dictionary can only be that of a picture. Strings and comments could pretend;
// a dictionary that has them gets the small budget.
func picturesque(dict []byte) bool {
	has := func(s string) bool { return bytes.Contains(dict, []byte(s)) }
	return has("/Image") && has("/Width") && has("/Height") && !has("/First") && !has("/ObjStm") && !has("(") && !has("%")
}

func filtersHidden(dict []byte) bool {
	for _, f := range []string{"/LZW", "/ASCII", "/A85", "/AHx", "/RunLength", "/RL", "/Crypt"} {
		if bytes.Contains(dict, []byte(f)) {
			return true
		}
	}
	return len(dict) == 0
}

func doubled(dict []byte) bool {
	return bytes.Count(dict, []byte("/FlateDecode"))+bytes.Count(dict, []byte("/Fl ")) > 1
}

// inflated counts the bytes behind a zlib stream, up to limit; zero when it is none. A stream inside the
// stream is followed once, which is as often as the filters demand it.
func inflated(data []byte, limit int64, again bool) int64 {
	if len(data) < 2 || data[0]&0x0F != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 {
		return 0
	}
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return 0
	}
	defer r.Close()
	outer := &counter{left: limit}
	if again {
		inner, err := zlib.NewReader(io.TeeReader(r, outer))
		if err == nil {
			sum := &counter{left: limit}
			_, err = io.Copy(sum, inner)
			if sum.n >= limit || outer.n >= limit {
				return limit
			}
			if err == nil || !errors.Is(err, errEnough) {
				return max(outer.n, sum.n)
			}
		}
	}
	_, _ = io.Copy(outer, r) // a damaged tail ends the count; the damage is judged by the reader
	return min(outer.n, limit)
}

var errEnough = errors.New("enough")

// counter swallows bytes and stops at a limit.
type counter struct{ n, left int64 }

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	if c.n >= c.left {
		return 0, errEnough
	}
	return len(p), nil
}
