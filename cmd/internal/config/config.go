// Package config reads the settings of the desk from flags and environment and
// refuses unsafe ones. It holds no globals: run() builds one Config and hands it
// on.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/review/scan/clamd"
)

// Config is every setting of a running desk.
type Config struct {
	Data    string        // OKNO_DATA: folder of database and sealed scans
	KeyFile string        // OKNO_KEY_FILE: key outside Data that opens everything
	Addr    string        // OKNO_ADDR: host:port to listen on
	Public  *url.URL      // OKNO_PUBLIC_URL: address that people use; links are made from it
	Proxies []string      // OKNO_TRUSTED_PROXIES: networks whose X-Forwarded-For is believed
	Mirror  string        // OKNO_CHECKPOINTS: file on another disk that gets every signed checkpoint
	Hold    time.Duration // OKNO_DECISION_HOLD: time in which a decision can be undone
	// Inspection bounds the work on one uploaded file (OKNO_INSPECTION_TIME).
	Inspection time.Duration
	// Probation is how many decisions of a new reviewer a second person confirms
	// (OKNO_PROBATION); Sample is the share of approvals drawn for a second look, in
	// percent (OKNO_QUALITY_SAMPLE). A demo has neither unless it is asked to.
	Probation int
	Sample    int
	// Programs says whether pdftoppm and tesseract are used when they are installed
	// (OKNO_PROGRAMS: auto or none).
	Programs bool
	Malware  Malware
	Demo     bool
	Operator string // OKNO_OPERATOR: who runs the desk, shown in the consent text
	// AutoApprove lets the desk approve clean submissions of foreign citizens by
	// itself (OKNO_AUTO_APPROVE=1); off by default.
	AutoApprove bool

	SMTP SMTP
	SMS  SMS
}

// Malware is the scanner of uploaded files.
type Malware struct {
	Address  string // OKNO_CLAMD: unix:/path or tcp:host:port of clamd, empty = files are not scanned
	Required bool   // OKNO_CLAMD_REQUIRED: yes = no file is accepted while the scanner does not answer
}

// SMTP is the mail relay.
type SMTP struct {
	Host     string // OKNO_SMTP_HOST: empty = mail is off
	Port     int    // OKNO_SMTP_PORT
	User     string // OKNO_SMTP_USER
	Password string // OKNO_SMTP_PASSWORD
	From     string // OKNO_MAIL_FROM
	TLS      string // OKNO_SMTP_TLS: starttls (default), tls or none (loopback only)
}

// SMS is the HTTP gateway for text messages.
type SMS struct {
	URL   string // OKNO_SMS_URL: empty = SMS is off
	Token string // OKNO_SMS_TOKEN
	From  string // OKNO_SMS_FROM
}

// DefaultInspection is how long one uploaded file may be worked on; a slow
// machine may want more.
const DefaultInspection = 5 * time.Second

// DefaultHold is how long a decision can be undone.
const DefaultHold = 30 * time.Second

// DefaultProbation and DefaultSample are the desk's rule for second looks.
const (
	DefaultProbation = 50
	DefaultSample    = 5
)

// Load reads the environment. data and addr come from flags and win over
// OKNO_DATA and OKNO_ADDR. Every problem is reported at once, each naming its
// setting.
func Load(getenv func(string) string, data, addr string, demo bool) (Config, error) {
	r := reader{getenv: getenv}
	fallback := "okno-data"
	if demo {
		fallback = "okno-demo"
	}
	c := Config{
		Data:       first(data, getenv("OKNO_DATA"), fallback),
		Addr:       first(addr, getenv("OKNO_ADDR"), "127.0.0.1:8080"),
		KeyFile:    getenv("OKNO_KEY_FILE"),
		Mirror:     getenv("OKNO_CHECKPOINTS"),
		Operator:   getenv("OKNO_OPERATOR"),
		Demo:       demo,
		Hold:       r.duration("OKNO_DECISION_HOLD", DefaultHold),
		Inspection: r.duration("OKNO_INSPECTION_TIME", DefaultInspection),

		AutoApprove: r.number("OKNO_AUTO_APPROVE", 0, 1) == 1,
	}
	if demo {
		c.Probation, c.Sample = r.number("OKNO_PROBATION", 0, 1000), r.number("OKNO_QUALITY_SAMPLE", 0, 50)
	} else {
		c.Probation, c.Sample = r.number("OKNO_PROBATION", DefaultProbation, 1000), r.number("OKNO_QUALITY_SAMPLE", DefaultSample, 50)
	}
	c.Programs = r.choice("OKNO_PROGRAMS", "auto", "none") == "auto"
	c.Malware = Malware{Address: getenv("OKNO_CLAMD"), Required: r.choice("OKNO_CLAMD_REQUIRED", "no", "yes") == "yes"}
	if _, err := clamd.New(c.Malware.Address); err != nil && c.Malware.Address != "" {
		r.fail("OKNO_CLAMD", err.Error())
	}
	if c.Malware.Required && c.Malware.Address == "" {
		r.fail("OKNO_CLAMD", "is needed when OKNO_CLAMD_REQUIRED is yes")
	}
	if c.KeyFile == "" {
		c.KeyFile = filepath.Clean(c.Data) + ".key"
	}
	if inside(c.KeyFile, c.Data) {
		r.fail("OKNO_KEY_FILE", "must lie outside the data folder")
	}
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		r.fail("OKNO_ADDR", "must be host:port")
	}
	c.Public = r.public(c.Addr)
	c.Proxies = r.networks("OKNO_TRUSTED_PROXIES")
	if !demo {
		c.SMTP, c.SMS = r.smtp(), r.sms()
		c.checkServe(&r)
	}
	return c, errors.Join(r.problems...)
}

// checkServe refuses what must not stand behind a real address.
func (c Config) checkServe(r *reader) {
	if c.Public.Scheme != "https" && !loopback(c.Public.Host) {
		r.fail("OKNO_PUBLIC_URL", "must be https unless it is a loopback address")
	}
	if c.SMTP.Host == "" {
		r.fail("OKNO_SMTP_HOST", "is needed: applicants confirm their e-mail address")
	}
	if c.SMS.URL == "" {
		r.fail("OKNO_SMS_URL", "is needed: applicants confirm their phone number")
	}
	if c.SMTP.TLS == "none" && !loopback(c.SMTP.Host) {
		r.fail("OKNO_SMTP_TLS", "none is for a loopback relay only")
	}
}

type reader struct {
	getenv   func(string) string
	problems []error
}

func (r *reader) fail(name, why string) {
	r.problems = append(r.problems, fmt.Errorf("%s %s", name, why))
}

// choice reads one of the given words; the first is the default.
func (r *reader) choice(name string, words ...string) string {
	v := r.getenv(name)
	if v == "" {
		return words[0]
	}
	if !slices.Contains(words, v) {
		r.fail(name, "must be "+strings.Join(words, " or "))
		return words[0]
	}
	return v
}

func (r *reader) duration(name string, fallback time.Duration) time.Duration {
	v := r.getenv(name)
	if v == "" {
		return fallback
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 || d > time.Hour {
		r.fail(name, "must be a duration between 0s and 1h, for instance 30s")
	}
	return d
}

func (r *reader) number(name string, fallback, most int) int {
	v := r.getenv(name)
	if v == "" {
		return fallback
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || n > most {
		r.fail(name, "must be a number from 0 to "+strconv.Itoa(most))
	}
	return n
}

func (r *reader) public(addr string) *url.URL {
	v := first(r.getenv("OKNO_PUBLIC_URL"), "http://"+addr)
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
		r.fail("OKNO_PUBLIC_URL", "must be like https://desk.example.org, without a path")
		return &url.URL{Scheme: "https"}
	}
	u.Path = ""
	return u
}

func (r *reader) networks(name string) (list []string) {
	for _, v := range strings.FieldsFunc(r.getenv(name), func(c rune) bool { return c == ',' || c == ' ' }) {
		_, errPrefix := netip.ParsePrefix(v)
		_, errAddr := netip.ParseAddr(v)
		if errPrefix != nil && errAddr != nil {
			r.fail(name, "must be addresses or networks, for instance 10.0.0.0/8")
		}
		list = append(list, v)
	}
	return list
}

func (r *reader) smtp() SMTP {
	s := SMTP{
		Host: r.getenv("OKNO_SMTP_HOST"), User: r.getenv("OKNO_SMTP_USER"), Password: r.getenv("OKNO_SMTP_PASSWORD"),
		From: r.getenv("OKNO_MAIL_FROM"), TLS: first(r.getenv("OKNO_SMTP_TLS"), "starttls"), Port: 587,
	}
	if v := r.getenv("OKNO_SMTP_PORT"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 65535 {
			r.fail("OKNO_SMTP_PORT", "must be a port number")
		}
		s.Port = n
	}
	if s.TLS != "starttls" && s.TLS != "tls" && s.TLS != "none" {
		r.fail("OKNO_SMTP_TLS", "must be starttls, tls or none")
	}
	if s.Host != "" && s.From == "" {
		r.fail("OKNO_MAIL_FROM", "is needed: the sender of mail")
	}
	return s
}

func (r *reader) sms() SMS {
	s := SMS{URL: r.getenv("OKNO_SMS_URL"), Token: r.getenv("OKNO_SMS_TOKEN"), From: r.getenv("OKNO_SMS_FROM")}
	if s.URL == "" {
		return s
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "https" && !loopback(u.Host) {
		r.fail("OKNO_SMS_URL", "must be an https address")
	}
	return s
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func inside(file, dir string) bool {
	f, err1 := filepath.Abs(file)
	d, err2 := filepath.Abs(dir)
	if err1 != nil || err2 != nil {
		return true
	}
	rel, err := filepath.Rel(d, f)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
