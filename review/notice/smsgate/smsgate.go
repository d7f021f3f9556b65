// Package smsgate delivers short messages through a gateway that takes a JSON
// POST, which is what most operators offer:
//
//	POST <url>  Authorization: Bearer <token>  Idempotency-Key: <id>
//	{"to": "+79070000017", "from": "OKNO", "text": "…"}
//
// Any 2xx means accepted; 400, 404, 410 and 422 mean that the number is refused
// for good; everything else is tried again.
package smsgate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"okno/review/notice"
)

// Gateway is an SMS gateway.
type Gateway struct {
	URL   string
	Token string
	From  string
	// Client defaults to a client that follows no redirect: the token must not
	// travel to another host.
	Client *http.Client
}

type request struct {
	To   string `json:"to"`
	From string `json:"from,omitempty"`
	Text string `json:"text"`
}

var straight = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Send delivers one message.
func (g Gateway) Send(ctx context.Context, id, address string, t notice.Text) error {
	body, err := json.Marshal(request{To: address, From: g.From, Text: t.Body})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("gateway address")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", id)
	if g.Token != "" {
		r.Header.Set("Authorization", "Bearer "+g.Token)
	}
	client := g.Client
	if client == nil {
		client = straight
	}
	answer, err := client.Do(r)
	if err != nil {
		return errors.New("gateway not reached")
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	switch {
	case answer.StatusCode/100 == 2:
		return nil
	case answer.StatusCode == 400, answer.StatusCode == 404, answer.StatusCode == 410, answer.StatusCode == 422:
		return fmt.Errorf("number refused (%d): %w", answer.StatusCode, notice.ErrPermanent)
	default:
		return fmt.Errorf("gateway answered %d", answer.StatusCode)
	}
}
