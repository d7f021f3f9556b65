package link

// Extend moves the deadline of corrections.
func Extend() string { return "/status/corrections/extend" }

// Appeal asks for the reasons of an appeal, and makes it.
func Appeal() string { return "/status/appeal" }

// LookUp asks for the number of an application and the e-mail address of whoever
// made it.
func LookUp() string { return "/find" }

// LookUpCode asks for the code that was sent to the address.
func LookUpCode() string { return "/find/code" }

// LookUpResend sends another code.
func LookUpResend() string { return "/find/resend" }

// LookUpCase shows where the application stands.
func LookUpCase() string { return "/find/case" }

// VerifyReceipt tells what a receipt proves.
func VerifyReceipt() string { return "/verify" }

// Disavow is the page behind "this was not me" in a message.
func Disavow(token string) string { return "/not-me/" + token }

// ChangePassword asks for the present and a new password.
func ChangePassword() string { return "/cabinet/password" }

// CabinetLanguage chooses the language of messages.
func CabinetLanguage() string { return "/cabinet/language" }

// CabinetAfterLanguage is the cabinet that confirms a chosen language.
func CabinetAfterLanguage() string { return query(Cabinet(), "done", "language") }

// CabinetAfterPassword is the cabinet that confirms a new password.
func CabinetAfterPassword() string { return query(Cabinet(), "done", "password") }

// StatusAfterAppeal is the status page that confirms an appeal.
func StatusAfterAppeal() string { return query(Status(), "done", "appeal") }
