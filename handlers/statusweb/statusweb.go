// Package statusweb is the HTTP side of everything after sending: the receipt,
// the status page, more time for corrections, withdrawal and appeal, and the
// public pages that look an application up or verify a receipt. Nothing needs a
// script.
package statusweb

import (
	"context"
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/review/disavow"
	"okno/review/intake"
	"okno/review/progress"
	"okno/review/signin"
	"okno/views/link"
)

// Handlers answers these pages. All fields are needed.
type Handlers struct {
	Intake   *intake.Service
	Progress *progress.Service
	SignIn   *signin.Service
	Disavow  *disavow.Service
	// Contacts returns the confirmed contacts of the signed-in account.
	Contacts func(ctx context.Context, actor review.Actor) (email, phone string, err error)
	// Wording names things in the texts of reasons.
	Wording review.Wording
	// Base is the public address of the desk, for the receipt.
	Base string
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Receipt(), Action: review.ActStatus, Handler: h.receipt},
		{Method: "GET", Path: link.Status(), Action: review.ActStatus, Handler: h.status},
		{Method: "POST", Path: link.Extend(), Action: review.ActIntake, Handler: h.extend},
		{Method: "GET", Path: link.Withdraw(), Action: review.ActIntake, Handler: h.askWithdraw},
		{Method: "POST", Path: link.Withdraw(), Action: review.ActIntake, Handler: h.withdraw},
		{Method: "GET", Path: link.Appeal(), Action: review.ActIntake, Handler: h.askAppeal},
		{Method: "POST", Path: link.Appeal(), Action: review.ActIntake, Handler: h.appeal, Hold: true},
		{Method: "GET", Path: link.LookUp(), Action: review.ActSignIn, Handler: h.lookUp},
		{Method: "POST", Path: link.LookUp(), Action: review.ActSignIn, Handler: h.startLookUp},
		{Method: "GET", Path: link.LookUpCode(), Action: review.ActSignIn, Handler: h.lookUpCode},
		{Method: "POST", Path: link.LookUpCode(), Action: review.ActSignIn, Handler: h.confirmLookUp},
		{Method: "POST", Path: link.LookUpResend(), Action: review.ActSignIn, Handler: h.resendLookUp},
		{Method: "GET", Path: link.LookUpCase(), Action: review.ActSignIn, Handler: h.found},
		{Method: "GET", Path: link.VerifyReceipt(), Action: review.ActPublic, Handler: h.askVerify},
		{Method: "POST", Path: link.VerifyReceipt(), Action: review.ActPublic, Handler: h.verify},
		{Method: "GET", Path: link.Disavow(":token"), Action: review.ActPublic, Handler: h.askDisavow},
		{Method: "POST", Path: link.Disavow(":token"), Action: review.ActPublic, Handler: h.disavow},
	}
}

func shownVersion(sub *review.Submission) string { return strconv.FormatInt(sub.Version, 10) }
