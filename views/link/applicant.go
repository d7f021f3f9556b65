package link

// Tracks is the question that finds the track.
func Tracks() string { return "/start" }

// RegisterEmail asks for the e-mail address.
func RegisterEmail() string { return "/register/email" }

// RegisterEmailCode asks for the code sent by e-mail.
func RegisterEmailCode() string { return "/register/email/code" }

// RegisterEmailResend sends another code by e-mail.
func RegisterEmailResend() string { return "/register/email/resend" }

// RegisterPhone asks for the phone number.
func RegisterPhone() string { return "/register/phone" }

// RegisterPhoneCode asks for the code sent by SMS.
func RegisterPhoneCode() string { return "/register/phone/code" }

// RegisterPhoneResend sends another code by SMS.
func RegisterPhoneResend() string { return "/register/phone/resend" }

// RegisterPassword asks for a password and creates the account.
func RegisterPassword() string { return "/register/password" }

// SignIn is the sign-in page of applicants and account holders.
func SignIn() string { return "/sign-in" }

// SignOut ends the session.
func SignOut() string { return "/sign-out" }

// Reset starts setting a new password.
func Reset() string { return "/reset" }

// ResetCode asks for the code of a reset.
func ResetCode() string { return "/reset/code" }

// ResetPassword asks for the new password.
func ResetPassword() string { return "/reset/password" }

// Apply is the task list of the applicant's submission.
func Apply() string { return "/apply" }

// Section is the form of one section.
func Section(section string) string { return "/apply/" + section }

// Upload is the upload page of a document slot.
func Upload(slot string) string { return "/apply/documents/" + slot }

// RemoveDocument asks whether to remove a document, and removes it.
func RemoveDocument(slot string) string { return "/apply/documents/" + slot + "/remove" }

// OwnPage is a page image of the applicant's own document; size is page or thumb.
func OwnPage(document, page, size string) string {
	return "/apply/pages/" + document + "/" + page + "/" + size
}

// OwnPlace is the picture of the place on the applicant's document of a slot that an
// answer was compared with.
func OwnPlace(slot, field string) string { return Upload(slot) + "/places/" + field }

// Answer is the input of a section; id is what the input has in the form.
func Answer(section, id string) string { return Section(section) + "#" + id }

// CheckAnswers shows everything before sending.
func CheckAnswers() string { return "/apply/check" }

// Send hands the submission to the desk.
func Send() string { return "/apply/send" }

// Receipt confirms the sending.
func Receipt() string { return "/apply/receipt" }

// Status is where the submission stands.
func Status() string { return "/status" }

// Corrections lists what must be corrected.
func Corrections() string { return "/status/corrections" }

// Crop is the picture of the place that a correction is about: n counts the
// corrections of the submission from 0.
func Crop(n string) string { return Corrections() + "/" + n + "/crop" }

// SendCorrections sends the corrected submission.
func SendCorrections() string { return "/status/corrections/send" }

// Withdraw asks whether to withdraw, and withdraws.
func Withdraw() string { return "/status/withdraw" }

// ChangeContact replaces a contact; which is phone or email.
func ChangeContact(which string) string { return "/contact/" + which }

// ChangeContactCode asks for the code sent to the new contact.
func ChangeContactCode(which string) string { return "/contact/" + which + "/code" }

// Cabinet is the account holder's start page.
func Cabinet() string { return "/cabinet" }

// TrackOutcome explains why the desk cannot serve somebody; outcome is a code of
// the question matrix.
func TrackOutcome(outcome string) string { return "/start/" + outcome }

// ResetResend sends another code for a reset.
func ResetResend() string { return "/reset/resend" }

// ChangeContactResend sends another code to the new contact.
func ChangeContactResend(which string) string { return "/contact/" + which + "/resend" }

// SignInAfterReset is the sign-in page that confirms a new password.
func SignInAfterReset() string { return query(SignIn(), "done", "reset") }

// CabinetAfterContact is the cabinet that confirms a changed contact.
func CabinetAfterContact() string { return query(Cabinet(), "done", "contact") }

// CodeResent is the page of a code after another one was asked for; sent tells
// whether a limit allowed it.
func CodeResent(page string, sent bool) string {
	if sent {
		return query(page, "again", "sent")
	}
	return query(page, "again", "wait")
}

// Resume goes on with a form that was sent after its session had ended.
func Resume() string { return "/resume" }

// SignInHeld is the sign-in page of somebody whose form was kept.
func SignInHeld() string { return query(SignIn(), "held", "yes") }
