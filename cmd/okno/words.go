package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"okno/review"
	"okno/review/notice"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/noticemail"
)

// wording names things for applicants out of the catalogues.
func wording() review.Wording {
	return review.Wording{
		Term: func(language, key string) string { return i18n.Text(language, key) },
		Date: func(language string, day time.Time) string {
			return i18n.Date(i18n.WithZone(i18n.With(context.Background(), language), time.UTC), day)
		},
	}
}

// words makes the words of notices at the moment they are sent.
type words struct {
	public *url.URL
	demo   bool
}

// pages are where each kind of notice leads.
var pages = map[review.NoticeKind]func() string{
	review.NoticeAlreadyKnown:    link.SignIn,
	review.NoticePasswordChanged: link.SignIn,
	review.NoticeContactChanged:  link.SignIn,
	review.NoticeSubmitted:       link.Status,
	review.NoticeCheckBlocked:    link.Apply,
	review.NoticeCorrection:      link.Corrections,
	review.NoticeApproved:        link.SignIn,
	review.NoticeRejected:        link.Status,
	review.NoticeWithdrawn:       link.SignIn,
	review.NoticeExpired:         link.Start,
	review.NoticeReminder:        link.Corrections,
	review.NoticeExtended:        link.Corrections,
	review.NoticeAppealMade:      link.Status,
	review.NoticeAppealUpheld:    link.Status,
	review.NoticeAppealPartly:    link.Status,
	review.NoticeAppealDismissed: link.Apply,
	review.NoticeDisavowed:       link.Help,
	review.NoticeReinstateAsked:  link.Help,
	review.NoticeReinstated:      link.Reset,
}

// Write implements notice.Writer.
func (w words) Write(_ context.Context, n review.Notice) (notice.Text, error) {
	language := n.Language
	if !i18n.Supported(language) {
		language = i18n.Russian
	}
	m := noticemail.Model{Lang: language, Kind: string(n.Kind), Params: map[string]string{}, Demo: w.demo}
	named := wording()
	for k, v := range n.Params {
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			v = named.Date(language, day)
		}
		m.Params[k] = v
	}
	for _, item := range n.Items {
		text, err := item.Text(language, n.Params, named)
		if err != nil {
			return notice.Text{}, fmt.Errorf("notice %s: %w", n.Kind, err)
		}
		m.Items = append(m.Items, noticemail.Item{Target: targetName(language, item.Target), Text: text})
	}
	if page, ok := pages[n.Kind]; ok {
		m.URL = w.public.String() + page()
	}
	if token := n.Params["enrol"]; token != "" {
		m.URL = w.public.String() + link.Enrol(token)
	}
	if n.Disavow != "" {
		m.NotMe = w.public.String() + link.Disavow(n.Disavow)
	}
	if n.Channel == review.SMS {
		return notice.Text{Body: noticemail.SMS(m)}, nil
	}
	subject, body := noticemail.Mail(m)
	return notice.Text{Subject: subject, Body: body}, nil
}

func targetName(language string, t review.Target) string {
	switch {
	case t.Slot != "":
		return i18n.Text(language, "slot."+string(t.Slot))
	case t.Field != "":
		return i18n.Text(language, "field."+string(t.Field))
	default:
		return i18n.Text(language, "notice.whole")
	}
}
