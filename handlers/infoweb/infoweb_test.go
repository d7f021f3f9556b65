package infoweb_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"okno/handlers"
	"okno/handlers/infoweb"
	"okno/handlers/webtest"
	"okno/review"
)

type facts infoweb.Facts

func (f *facts) Facts(context.Context) (infoweb.Facts, error) { return infoweb.Facts(*f), nil }

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func whole() *facts {
	return &facts{
		Version: "0.1.0", Runtime: "go1.26", Started: now.Add(-time.Hour), PublicURL: "https://desk.test",
		DatabaseOK: true, DatabaseBytes: 5 << 20, FreeBytes: 50 << 30, TotalBytes: 100 << 30,
		Migrations: []infoweb.Migration{{Number: 1, Name: "ground", At: now.Add(-time.Hour)}},
		Signed:     120, SignedAt: now.Add(-5 * time.Minute), Mirror: true, Rasterizer: "pdftoppm 24.02", TextReader: "tesseract", Mail: true, SMS: true,
	}
}

func open(t *testing.T, f *facts, operator string) *webtest.Site {
	return webtest.Serve(t, now, func(*webtest.Site, review.Gate) handlers.Area {
		return &infoweb.Handlers{System: f, Operator: operator}
	})
}

func TestTexts(t *testing.T) {
	s := open(t, whole(), "ООО «Пример», 101000, Москва, ул. Образцовая, 1")
	for path, want := range map[string]string{"/help": "10 минут", "/accessibility": "WCAG 2.2", "/cookies": "__Host-okno-visit", "/privacy": "ООО «Пример»"} {
		for _, lang := range []string{"ru", "en"} {
			doc := s.Page("", lang, path, 200)
			text := webtest.Words(doc.Find("main"))
			if lang == "ru" && !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", path, want)
			}
			if strings.Contains(text, "{") || strings.Contains(text, "info.") || doc.Find("main h2").Length() < 2 {
				t.Errorf("%s in %s is half filled: %s", path, lang, text)
			}
			for _, claim := range []string{"Госуслуг", "gosuslugi", "ЕСИА"} {
				if strings.Contains(strings.ToLower(text), strings.ToLower(claim)) {
					t.Errorf("%s uses the name %s", path, claim)
				}
			}
		}
	}
	if text := webtest.Words(s.Page("", "ru", "/help", 200).Find("main")); !strings.Contains(text, "не государственный портал") {
		t.Error("the help does not say what the desk is not")
	}
}

// The page names exactly the cookies that the desk sets.
func TestEveryCookieIsNamed(t *testing.T) {
	s := open(t, whole(), "")
	var named []string
	for _, row := range s.Page("", "ru", "/cookies", 200).Find("tbody tr").EachIter() {
		named = append(named, webtest.Words(row.Find("th").First()))
	}
	if got := strings.Join(named, " "); got != "__Host-okno __Host-okno-desk __Host-okno-visit __Host-okno-lang __Host-okno-device __Host-okno-held" {
		t.Errorf("named: %s", got)
	}
	answer := s.Do("", "ru", http.MethodGet, "/cookies", nil)
	answer.Body.Close()
	for _, c := range answer.Cookies() {
		if !strings.Contains(strings.Join(named, " "), c.Name) {
			t.Errorf("%s is set and not named", c.Name)
		}
	}
}

func TestSystemPage(t *testing.T) {
	s := open(t, whole(), "")
	for _, lang := range []string{"ru", "en"} {
		doc := s.Page(review.RoleAdministrator, lang, "/admin/system", 200)
		if n := doc.Find(".notice").Length(); n != 1 || strings.Contains(webtest.Words(doc.Find("main")), "system.") {
			t.Errorf("%s: %d messages on a desk in order", lang, n)
		}
	}
	f := whole()
	f.DatabaseOK, f.FreeBytes, f.Rasterizer, f.Mail, f.SMS, f.SignedAt = false, 1<<20, "", false, false, now.Add(-2*time.Hour)
	f.Dead = []infoweb.DeadMessage{{Kind: review.NoticeApproved, Channel: review.Mail, Code: "refused", Attempts: 1, At: now}}
	s = open(t, f, "")
	doc := s.Page(review.RoleAdministrator, "ru", "/admin/system", 200)
	text := webtest.Words(doc.Find("main"))
	for _, want := range []string{"База данных повреждена", "На диске мало места", "Не найдена программа pdftoppm", "регистрация не работает", "Не доставлено 1 сообщение", "refused", "давно не подписан"} {
		if !strings.Contains(text, want) {
			t.Errorf("no word about %q", want)
		}
	}
	if n := doc.Find(".notice").Length(); n != 7 {
		t.Errorf("%d warnings", n)
	}
	f.Mailbox = true // a demonstration sends nothing and misses nothing
	if n := s.Page(review.RoleAdministrator, "ru", "/admin/system", 200).Find(".notice").Length(); n != 5 {
		t.Errorf("%d warnings in a demonstration", n)
	}
	for _, c := range []struct {
		state infoweb.Scanner
		says  string
	}{
		{infoweb.Scanner{}, "не настроена: файлы принимаются без проверки"},
		{infoweb.Scanner{Set: true, Answers: true}, "clamd отвечает"},
		{infoweb.Scanner{Set: true, Answers: true, Required: true}, "без него файлы не принимаются"},
		{infoweb.Scanner{Set: true}, "Файлы принимаются без проверки с пометкой"},
		{infoweb.Scanner{Set: true, Required: true}, "Загрузить файл сейчас нельзя"},
	} {
		g := whole()
		g.Malware, g.TextReader = c.state, ""
		text := webtest.Words(open(t, g, "").Page(review.RoleAdministrator, "ru", "/admin/system", 200).Find("main"))
		if !strings.Contains(text, c.says) || !strings.Contains(text, "программа tesseract") {
			t.Errorf("%+v: %s", c.state, text)
		}
	}
	for _, role := range []review.Role{review.RoleReviewer, review.RoleSupervisor, review.RoleAuditor} {
		answer := s.Do(role, "ru", http.MethodGet, "/admin/system", nil)
		answer.Body.Close()
		if answer.StatusCode != 403 {
			t.Errorf("%s: %d", role, answer.StatusCode)
		}
	}
}
