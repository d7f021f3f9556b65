package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"okno/db/sqlite"
	"okno/handlers/web"
	"okno/views/ui"
)

// sink is a mail relay that takes everything.
type sink struct{}

func (sink) NewSession(*smtp.Conn) (smtp.Session, error) { return sink{}, nil }
func (sink) Mail(string, *smtp.MailOptions) error        { return nil }
func (sink) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (sink) Reset()                                      {}
func (sink) Logout() error                               { return nil }
func (sink) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// surroundings are the settings of a real desk between a loopback relay and a
// loopback gateway.
func surroundings(t testing.TB, dir string) map[string]string {
	t.Helper()
	relay, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(sink{})
	server.Domain, server.ErrorLog = "relay.test", log.New(io.Discard, "", 0)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(relay) }()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	t.Cleanup(func() {
		_ = server.Close()
		_ = relay.Close() // the server may not know its listener yet
		<-ended
		gateway.Close()
	})
	return map[string]string{
		"OKNO_DATA": dir, "OKNO_ADDR": "127.0.0.1:0", "OKNO_PUBLIC_URL": "http://127.0.0.1:8080", "OKNO_DECISION_HOLD": "100ms",
		"OKNO_SMTP_HOST": "127.0.0.1", "OKNO_SMTP_PORT": strconv.Itoa(relay.Addr().(*net.TCPAddr).Port), "OKNO_SMTP_TLS": "none",
		"OKNO_MAIL_FROM": "desk@desk.test", "OKNO_SMS_URL": gateway.URL, "OKNO_PROBATION": "0", "OKNO_QUALITY_SAMPLE": "0",
		"OKNO_INSPECTION_TIME": "1m", // others have the processors, too
	}
}

// builtIn is the folder of the built program. TestMain removes it.
var builtIn string

// built is the program as it is shipped.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "okno-built-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	path := filepath.Join(dir, "okno")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	sqlite.Watch(asked.see)
	code := m.Run()
	if whole := code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""; !asked.afterwards(whole) {
		code = max(code, 1)
	}
	if chromium.end != nil {
		chromium.end()
	}
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// process is a running desk, the real program.
type process struct {
	*exec.Cmd
	base string
	log  bytes.Buffer // standard error; read it after the end
}

// launchProcess starts the program and waits until it is open.
func launchProcess(t testing.TB, env map[string]string, args ...string) *process {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(program, args...)}
	for k, v := range env {
		p.Env = append(p.Env, k+"="+v)
	}
	p.Stderr = &p.log
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	opened := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, at, ok := strings.Cut(lines.Text(), "Okno is open at "); ok {
				opened <- at
			}
		}
		close(opened)
	}()
	select {
	case p.base = <-opened:
	case <-time.After(20 * time.Second):
	}
	if p.base == "" {
		_ = p.Process.Kill()
		_ = p.Wait()
		t.Fatalf("the program did not open: %s", p.log.String())
	}
	return p
}

// browser talks to a listening desk with a session of its own.
type browser struct {
	client *http.Client
	base   string
	token  string // of the session
	csrf   string
}

// browse is a browser with a session. It follows no redirect.
func (h *house) browse(base, token string) *browser {
	tie := token
	if tie == "" {
		tie = visit
	}
	return &browser{base: base, token: token, csrf: h.csrf(tie), client: &http.Client{
		Timeout:       time.Minute,
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (b *browser) do(ctx context.Context, method, path, contentType string, body io.Reader) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, b.base+path, body)
	if err != nil {
		return answer{}, err
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	cookies := web.VisitCookie + "=" + visit
	if b.token != "" {
		cookies += "; " + web.ApplicantCookie + "=" + b.token + "; " + web.StaffCookie + "=" + b.token
	}
	r.Header.Set("Cookie", cookies)
	resp, err := b.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, got}, err
}

func (b *browser) get(ctx context.Context, path string) (answer, error) {
	return b.do(ctx, http.MethodGet, path, "", nil)
}

// send posts a form: names and values in turn.
func (b *browser) send(ctx context.Context, path string, pairs ...string) (answer, error) {
	v := url.Values{ui.CSRFField: {b.csrf}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return b.do(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

// upload posts a file.
func (b *browser) upload(ctx context.Context, path, name string, file []byte) (answer, error) {
	contentType, body := multipartForm(b.csrf, name, file)
	return b.do(ctx, http.MethodPost, path, contentType, bytes.NewReader(body))
}

// multipartForm is an upload form as a browser sends it.
func multipartForm(csrf, name string, file []byte) (contentType string, body []byte) {
	const boundary = "okno-test-boundary"
	var b bytes.Buffer
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, ui.CSRFField, csrf)
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=%q\r\nContent-Type: image/jpeg\r\n\r\n", boundary, name)
	b.Write(file)
	fmt.Fprintf(&b, "\r\n--%s--\r\n", boundary)
	return "multipart/form-data; boundary=" + boundary, b.Bytes()
}
