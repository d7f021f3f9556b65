package link

import (
	"net/url"
	"strings"
)

// StartSubmission begins a submission.
func StartSubmission() string { return "/apply/start" }

// SectionFromCheck is the form of one section, opened from the check page and
// leading back to it.
func SectionFromCheck(section string) string { return query(Section(section), "next", "check") }

// ApplySaved is the task list after a section was saved.
func ApplySaved() string { return query(Apply(), "saved", "yes") }

// CorrectionsSaved is the list of corrections after one was saved.
func CorrectionsSaved() string { return query(Corrections(), "saved", "yes") }

// UploadStored is the upload page after a file was taken in.
func UploadStored(slot string) string { return query(Upload(slot), "stored", "yes") }

// After is a page that tells in which form the answers of a section were stored.
func After(page, section string) string {
	sign := "?"
	if strings.Contains(page, "?") {
		sign = "&"
	}
	return page + sign + url.Values{"from": {section}}.Encode()
}
