package demoweb_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"okno/handlers"
	"okno/handlers/demoweb"
	"okno/handlers/webtest"
	"okno/review"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type box struct {
	messages []demoweb.Message
	asked    int
}

func (b *box) Messages(_ context.Context, limit int) ([]demoweb.Message, error) {
	b.asked = limit
	return b.messages, nil
}

func open(t *testing.T, b *box) *webtest.Site {
	return webtest.Serve(t, now, func(*webtest.Site, review.Gate) handlers.Area {
		return &demoweb.Handlers{Mailbox: b, PublicURL: "https://desk.test"}
	})
}

func full() *box {
	return &box{messages: []demoweb.Message{
		{ID: "m2", To: "+79070000017", Channel: review.SMS, Kind: review.NoticePhoneCode, Text: "Окно: код 123456. Никому его не сообщайте.", Time: now.Add(123456 * time.Nanosecond)},
		{ID: "m1", To: "Proba@example.org", Channel: review.Mail, Kind: review.NoticeCorrection, Subject: "Нужны исправления <b>", Time: now.Add(-time.Minute),
			Text: "Исправить можно здесь:\nhttps://desk.test/status/corrections.\n\nНе здесь: https://desk.test.evil.example/status и https://example.org/x, и не https://desk.test@evil.example/"},
	}}
}

func TestMailboxPage(t *testing.T) {
	b := full()
	s := open(t, b)
	for _, lang := range []string{"ru", "en"} {
		doc := s.Page("", lang, "/demo/mailbox", 200)
		if n := doc.Find("article").Length(); n != 2 {
			t.Fatalf("%d messages", n)
		}
		if doc.Find("article").First().AttrOr("data-channel", "") != "sms" || doc.Find("article[data-channel=email]").Length() != 1 {
			t.Error("newest first, and mail and SMS told apart")
		}
		links := doc.Find("article a")
		if links.Length() != 1 || links.AttrOr("href", "") != "/status/corrections" || webtest.Words(links) != "https://desk.test/status/corrections" {
			t.Errorf("links: %d, %s", links.Length(), links.AttrOr("href", ""))
		}
		if got := webtest.Words(doc.Find("article[data-channel=email] h2")); got != "Нужны исправления <b>" {
			t.Errorf("subject: %s", got)
		}
	}
	for to, want := range map[string]int{"%2B7+907+000": 1, "proba@": 1, "nobody@": 0} {
		doc := s.Page("", "ru", "/demo/mailbox?to="+to, 200)
		if n := doc.Find("article").Length(); n != want {
			t.Errorf("%s: %d messages", to, n)
		}
		if empty := doc.Find(".empty").Length() == 1; empty != (want == 0) {
			t.Errorf("%s: empty state %v", to, empty)
		}
	}
	if doc := open(t, &box{}).Page("", "ru", "/demo/mailbox", 200); doc.Find(".empty").Length() != 1 {
		t.Error("no word about an empty mailbox")
	}
}

func TestMailboxForPrograms(t *testing.T) {
	b := full()
	s := open(t, b)
	answer := s.Do("", "ru", http.MethodGet, "/demo/mailbox.json", nil)
	defer answer.Body.Close()
	var list []map[string]string
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || b.asked != demoweb.Limit || list[0]["id"] != "m2" || list[0]["channel"] != "sms" || list[1]["kind"] != "correction-requested" || list[0]["subject"] != "" {
		t.Errorf("%v (limit %d)", list, b.asked)
	}
	for _, key := range []string{"id", "to", "channel", "kind", "subject", "text", "time"} {
		if _, ok := list[0][key]; !ok || len(list[0]) != 7 {
			t.Errorf("no %s, or more than asked for: %v", key, list[0])
		}
	}
	if at, err := time.Parse(time.RFC3339, list[1]["time"]); err != nil || !at.Equal(now.Add(-time.Minute)) {
		t.Errorf("time %s", list[1]["time"])
	}
	empty := open(t, &box{}).Do("", "ru", http.MethodGet, "/demo/mailbox.json", nil)
	defer empty.Body.Close()
	if err := json.NewDecoder(empty.Body).Decode(&list); err != nil || list == nil || len(list) != 0 {
		t.Errorf("an empty mailbox is %v, %v", list, err)
	}
}
