package config

import (
	"strings"
	"testing"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

var good = []string{
	"OKNO_PUBLIC_URL", "https://desk.example.org", "OKNO_SMTP_HOST", "mail.example.org", "OKNO_MAIL_FROM", "desk@example.org",
	"OKNO_SMS_URL", "https://sms.example.org/send",
}

func TestServeAcceptsCompleteSettings(t *testing.T) {
	c, err := Load(env(good...), "data", "", false)
	if err != nil {
		t.Fatal(err)
	}
	if c.KeyFile != "data.key" || c.Addr != "127.0.0.1:8080" || c.Hold != DefaultHold || c.SMTP.Port != 587 || c.Probation != 50 || c.Sample != 5 {
		t.Errorf("defaults: %+v", c)
	}
}

func TestEveryBadSettingIsNamed(t *testing.T) {
	for name, value := range map[string]string{
		"OKNO_PUBLIC_URL":      "http://desk.example.org",
		"OKNO_SMTP_TLS":        "none",
		"OKNO_SMTP_PORT":       "smtp",
		"OKNO_SMS_URL":         "http://sms.example.org",
		"OKNO_ADDR":            "8080",
		"OKNO_DECISION_HOLD":   "soon",
		"OKNO_PROBATION":       "many",
		"OKNO_QUALITY_SAMPLE":  "51",
		"OKNO_TRUSTED_PROXIES": "proxy",
		"OKNO_KEY_FILE":        "data/key",
		"OKNO_PROGRAMS":        "some",
		"OKNO_CLAMD":           "localhost",
		"OKNO_CLAMD_REQUIRED":  "yes",
	} {
		_, err := Load(env(append([]string{name, value}, good...)...), "data", "", false)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	_, err := Load(env(), "data", "", false)
	for _, name := range []string{"OKNO_SMTP_HOST", "OKNO_SMS_URL"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("empty environment: %v lacks %s", err, name)
		}
	}
}

func TestDemoNeedsNoSettings(t *testing.T) {
	c, err := Load(env(), "", "127.0.0.1:9999", true)
	if err != nil || c.Data != "okno-demo" || c.Addr != "127.0.0.1:9999" || c.Public.String() != "http://127.0.0.1:9999" {
		t.Errorf("%+v, %v", c, err)
	}
}
