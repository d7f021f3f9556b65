package main

import (
	"context"

	"okno/db/outboxstore"
	"okno/review"
	"okno/review/appeal"
	"okno/review/disavow"
	"okno/review/progress"
)

// correspondence shows an applicant what the desk wrote: the words are made anew
// from what is sealed, as they were made when the message left.
type correspondence struct{ k *desk }

func (c correspondence) About(ctx context.Context, id review.SubmissionID) (list []progress.Message, err error) {
	all, err := c.k.outbox.ForSubmission(ctx, id)
	if err != nil {
		return nil, err
	}
	writer := c.k.words()
	for _, x := range all {
		subject, body, err := writer.said(x.Notice)
		if err != nil {
			return nil, err
		}
		m := progress.Message{Kind: x.Kind, Channel: x.Channel, At: x.CreatedAt, Sent: x.Status == outboxstore.Sent, Failed: x.Status == outboxstore.Dead, Subject: review.Passage{Language: subject.Lang, Text: subject.Text}, Lines: lines(body)}
		if m.Sent {
			m.At = x.SentAt
		}
		list = append(list, m)
	}
	return list, nil
}

// notMe is the secret of the link by which a recipient can say that a message
// was not meant for them; empty where there is no such link.
func (k *desk) notMe(id string, n review.Notice) string {
	if !disavow.Marked(n.Kind, n.Channel) {
		return ""
	}
	return k.disavow.Token(id)
}

// letter words a message that is not sent yet, for those who are about to send it.
func (k *desk) letter(ctx context.Context, n review.Notice) (appeal.Letter, error) {
	text, err := k.words().Write(ctx, n)
	return appeal.Letter{Subject: text.Subject, Text: text.Body}, err
}
