package smsgate_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"okno/review/notice"
	"okno/review/notice/smsgate"
)

const number = "+79070000017"

func TestRequest(t *testing.T) {
	var got *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	g := smsgate.Gateway{URL: server.URL + "/send", Token: "secret", From: "OKNO"}
	if err := g.Send(t.Context(), "id-1", number, notice.Text{Body: "Окно: код 123456."}); err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || got.URL.Path != "/send" || got.Header.Get("Authorization") != "Bearer secret" || got.Header.Get("Idempotency-Key") != "id-1" || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	}
	var m map[string]string
	if err := json.Unmarshal(body, &m); err != nil || len(m) != 3 || m["to"] != number || m["from"] != "OKNO" || m["text"] != "Окно: код 123456." {
		t.Errorf("%s, %v", body, err)
	}
}

func TestAnswers(t *testing.T) {
	for status, want := range map[int]string{
		200: "", 201: "", 204: "", 400: "permanent", 404: "permanent", 410: "permanent", 422: "permanent",
		301: "again", 302: "again", 401: "again", 403: "again", 408: "again", 429: "again", 500: "again", 503: "again",
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			io.WriteString(w, number+" is not ours")
		}))
		err := smsgate.Gateway{URL: server.URL, Token: "secret"}.Send(t.Context(), "id-1", number, notice.Text{Body: "x"})
		server.Close()
		got := ""
		switch {
		case errors.Is(err, notice.ErrPermanent):
			got = "permanent"
		case err != nil:
			got = "again"
		}
		if got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
		if calls != 1 {
			t.Errorf("%d: %d calls; the token must not follow a redirect", status, calls)
		}
		if err != nil && (strings.Contains(err.Error(), number) || strings.Contains(err.Error(), "127.0.0.1")) {
			t.Errorf("%d: the error tells too much: %v", status, err)
		}
	}
}

func TestAHangingGatewayIsLeftInTime(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := smsgate.Gateway{URL: server.URL}.Send(ctx, "id-1", number, notice.Text{Body: "x"})
	if err == nil || errors.Is(err, notice.ErrPermanent) || time.Since(begun) > 2*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	err := smsgate.Gateway{URL: server.URL}.Send(t.Context(), "id-1", number, notice.Text{Body: "x"})
	if err == nil || errors.Is(err, notice.ErrPermanent) || strings.Contains(err.Error(), server.URL) {
		t.Errorf("%v", err)
	}
}
