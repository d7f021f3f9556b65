package web

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"okno/review"
	"okno/review/reviewtest"
)

// FuzzForms decodes bodies of both kinds of forms: whatever comes, it is refused
// with an error of a known kind or read into clean values within the limits.
func FuzzForms(f *testing.F) {
	const multi = "multipart/form-data; boundary=b"
	f.Add("application/x-www-form-urlencoded", []byte("csrf=x&surname=%D0%98&next=check"))
	f.Add("application/x-www-form-urlencoded; charset=utf-8", []byte("a=1&a=2&b=%00"))
	f.Add("application/x-www-form-urlencoded", []byte(strings.Repeat("a&", 300)))
	f.Add(multi, []byte("--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"..\\a.jpg\"\r\n\r\n\xff\xd8\r\n--b--\r\n"))
	f.Add(multi, []byte("--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''%e2%80%ae.jpg\r\n\r\n1\r\n--b--"))
	f.Add("multipart/form-data", []byte("--\r\n"))
	f.Add("text/plain", []byte("a=b"))
	f.Add("", []byte(""))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		for _, upload := range []bool{false, true} {
			form, err := decodeForm(contentType, bytes.NewReader(body), len(body), upload)
			reviewtest.Brisk(t, "decoding a form", func() { _, _ = decodeForm(contentType, bytes.NewReader(body), len(body), upload) })
			if err != nil {
				if k := review.KindOf(err); k != review.Invalid && k != review.TooLarge {
					t.Errorf("a form is refused as %v", err)
				}
				continue
			}
			n := 0
			for _, name := range form.Names() {
				for _, v := range form.Values(name) {
					n++
					if !utf8.ValidString(v) || strings.ContainsRune(v, 0) || len(v) > maxFieldBytes {
						t.Errorf("%q came through", v)
					}
				}
			}
			if n > maxFields {
				t.Errorf("%d fields", n)
			}
			if u, ok := form.File(); ok && (strings.ContainsAny(u.Name, "/\\\x00") || len([]rune(u.Name)) > 100 || len(u.Body) > MaxFile+1) {
				t.Errorf("a file named %q of %d bytes", u.Name, len(u.Body))
			}
		}
	})
}

// FuzzTokens reads tokens of forms: none that we did not make is taken.
func FuzzTokens(f *testing.F) {
	key := bytes.Repeat([]byte{7}, 32)
	k := &Kit{Secret: key}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	f.Add("x.y")
	f.Add(csrfToken(bytes.Repeat([]byte{8}, 32), "tie") + ".AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if csrfValid(key, "tie", token) {
			t.Errorf("%q is taken for a token", token)
		}
		if account, ok := k.owner(token, now); ok {
			t.Errorf("%q is taken for the form of %q", token, account)
		}
		reviewtest.Brisk(t, "reading a token", func() { csrfValid(key, "tie", token); k.owner(token, now) })
	})
}
