package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"okno/handlers/web"
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
	subject, body, err := w.said(n)
	if err != nil {
		return notice.Text{}, err
	}
	return notice.Text{Subject: subject.Text, Body: noticemail.Plain(body)}, nil
}

// said words a notice by paragraphs, each with its language. A short message is one
// paragraph without a subject.
func (w words) said(n review.Notice) (subject noticemail.Part, body []noticemail.Part, err error) {
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
	spoken := i18n.With(context.Background(), language)
	if contact := n.Params["contact"]; contact != "" {
		m.Params["contact"] = web.TargetName(spoken, review.Target{Field: review.Field(contact)})
	}
	for _, item := range n.Items {
		x := noticemail.Item{Target: web.TargetName(spoken, item.Target)}
		for _, lang := range i18n.InFull(language) {
			text, err := item.Text(lang, n.Params, named)
			if err != nil {
				return subject, nil, fmt.Errorf("notice %s: %w", n.Kind, err)
			}
			x.Texts = append(x.Texts, noticemail.Part{Lang: lang, Text: text})
		}
		m.Items = append(m.Items, x)
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
		return subject, []noticemail.Part{noticemail.SMS(m)}, nil
	}
	subject, body = noticemail.Mail(m)
	return subject, body, nil
}

// lines are the paragraphs of a message by lines, without its marks of form.
func lines(body []noticemail.Part) (list []review.Passage) {
	for _, p := range body {
		for l := range strings.SplitSeq(p.Text, "\n") {
			if l = strings.TrimSpace(l); l != "" && l != "--" {
				list = append(list, review.Passage{Language: p.Lang, Text: l})
			}
		}
	}
	return list
}
