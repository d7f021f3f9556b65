package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// requirement is a row of the domain reference with the tests that prove it,
// each as the folder of its package and its name.
type requirement struct {
	id, meaning string
	proof       []string
}

// requirements are the rows that concern an applicant up to the activation, the
// system's part in that, and how the contradictions of the sources are resolved.
var requirements = []requirement{
	{"AP-01", "a passport of a foreign state that is still valid", []string{"review/intake.TestRules", "review/check.TestChecks"}},
	{"AP-02", "a paper that proves a lawful stay; without it no registration", []string{"review/intake.TestMissing", "review/intake.TestBelarusNeedsNoStayProof"}},
	{"AP-03", "in by the sign-in button, then creating an account", []string{"cmd/okno.TestTheFirstPageLeadsInAndToRegistration", "cmd/okno.TestTheWholeWay"}},
	{"AP-04", "an e-mail address that is really read", []string{"review/signin.TestRegistrationOpensAnAccount", "review/field.TestVectors"}},
	{"AP-05", "a mobile number in international notation", []string{"review/signin.TestPhonesByTrack", "review/field.TestVectors"}},
	{"AP-06", "a password of eight characters and four kinds", []string{"review/field.TestVectors", "review/signin.TestPasswordRule"}},
	{"AP-07", "both codes are typed, from the mail and from the SMS", []string{"review/signin.TestRegistrationOpensAnAccount", "handlers/signinweb.TestTheWayToAnAccount"}},
	{"AP-08", "a colour scan of the passport pages with photo and data", []string{"handlers/intakeweb.TestWholeWay", "review/scan/quality.TestFindings"}},
	{"AP-09", "the migration card's page with the mark", []string{"handlers/intakeweb.TestWholeWay", "review/intake.TestRules"}},
	{"AP-10", "the insurance policy is optional", []string{"review/intake.TestWhatMayBeLeftOut"}},
	{"AP-11", "JPEG or PDF, at most five megabytes each", []string{"review/scan.TestManifest", "handlers/intakeweb.TestEveryBadFileGetsAnAnswer"}},
	{"AP-12", "names exactly as in the passport, patronymic if any", []string{"review/intake.TestRules", "review/field.TestNameRules"}},
	{"AP-13", "date and place of birth", []string{"review/intake.TestRules", "review/field.TestPartialDateBoxes"}},
	{"AP-14", "citizenship", []string{"review/intake.TestRules", "review/field.TestCountries"}},
	{"AP-15", "the address in Russia in free form; parts are desirable only", []string{"review/intake.TestRules", "review/intake.TestNormalForms"}},
	{"AP-16", "the taxpayer number, if there is one", []string{"review/field.TestVectors", "review/intake.TestWhatMayBeLeftOut"}},
	{"AP-17", "partner or organisation may be wished for; else a standard account", []string{"cmd/okno.TestTheWishForAnotherAccountIsNotedAndAnswered"}},
	{"AP-18", "any device that reaches the service, also without scripts", []string{"cmd/okno.TestTheWholeWay"}},
	{"AP-19", "a scan or photo of the Russian passport", []string{"handlers/intakeweb.TestWholeWay", "review/scan.TestSpecimens"}},
	{"AP-20", "a proof of living abroad", []string{"review/intake.TestMissing", "handlers/intakeweb.TestWholeWay"}},
	{"AP-21", "files are sharp, JPEG or PDF, at most five megabytes", []string{"review/scan.TestManifest", "review/scan/quality.TestFindings"}},
	{"AP-22", "an active Russian mobile number, checked to receive messages", []string{"review/signin.TestPhonesByTrack", "cmd/okno.TestHelpForPeopleWithoutARussianNumber"}},
	{"AP-23", "the variant for registration from abroad", []string{"handlers/signinweb.TestTheWayToAnAccount", "review/intake.TestTheVariantFromAbroad"}},
	{"AP-24", "surname, given name, patronymic", []string{"review/intake.TestRules"}},
	{"AP-25", "SNILS is optional", []string{"review/intake.TestWhatMayBeLeftOut", "review/field.TestVectors"}},
	{"AP-26", "a Russian mobile number", []string{"review/signin.TestPhonesByTrack"}},
	{"AP-27", "an e-mail address with permanent access", []string{"review/signin.TestRegistrationOpensAnAccount", "review/check.TestChecks"}},
	{"AP-28", "a password under the same rule", []string{"review/signin.TestPasswordRule"}},
	{"AP-29", "the code from the SMS is typed", []string{"review/signin.TestRegistrationOpensAnAccount"}},
	{"AP-30", "the passport and a paper about the place are uploaded, then sent", []string{"cmd/okno.TestTheWholeWay", "handlers/intakeweb.TestWholeWay"}},
	{"AP-31", "waits for the check; follows the instructions in the mail", []string{"cmd/okno.TestTheWholeWay", "cmd/okno.TestTheStatusPageTellsEverything"}},

	{"SY-01", "a sign-in button at the top right; newcomers are offered registration", []string{"cmd/okno.TestTheFirstPageLeadsInAndToRegistration"}},
	{"SY-02", "two codes are sent, both are required", []string{"review/signin.TestRegistrationOpensAnAccount"}},
	{"SY-03", "the password rule is enforced", []string{"review/signin.TestPasswordRule", "review/signin.TestCommonPasswordsInDisguise"}},
	{"SY-04", "files are checked against the requirements", []string{"review/scan.TestManifest", "review/check.TestChecks"}},
	{"SY-05", "all data are checked automatically; a cabinet is created", []string{"review/check.TestACleanSubmissionPassesEverything", "cmd/okno.TestACabinetExistsBeforeTheDecision"}},
	{"SY-06", "the standard type is activated unless another was asked for", []string{"cmd/okno.TestACleanSubmissionIsApprovedOnlyWhereTheOperatorWantsIt", "db/submissionstore.TestApprovalActivatesInTheSameTransaction"}},
	{"SY-13", "a separate form from abroad", []string{"review/intake.TestTheVariantFromAbroad"}},
	{"SY-14", "an SMS code is sent and verified", []string{"review/signin.TestRegistrationOpensAnAccount"}},
	{"SY-15", "the passport is asked for, and the place of living where needed", []string{"review/intake.TestMissing"}},
	{"SY-16", "a mail with instructions when something must be fixed", []string{"cmd/okno.TestTheWholeWay", "review.TestEveryTextIsFilled"}},
	{"SY-17", "a completion message after a successful check", []string{"cmd/okno.TestTheWholeWay", "review.TestWhatTakesEffect"}},
	{"SY-25", "other files, and larger ones, are refused", []string{"handlers/intakeweb.TestEveryBadFileGetsAnAnswer", "review/scan.TestManifest"}},

	{"X-01", "sections in any order, one gate before sending", []string{"review/intake.TestJourney", "review/intake.TestMissing"}},
	{"X-02", "both contacts are confirmed in both tracks", []string{"handlers/signinweb.TestTheWayToAnAccount", "review/check.TestChecks"}},
	{"X-03", "any mobile in track A, Russian in B unless the policy says otherwise; listed countries only", []string{"review/signin.TestPhonesByTrack", "review/signin.TestSomeNumbersAreNeverCalled"}},
	{"X-04", "virtual numbers are taken, the kind of number is a note at most; there is help", []string{"review/check.TestChecks", "cmd/okno.TestHelpForPeopleWithoutARussianNumber"}},
	{"X-05", "automatic checks first, then people; approval by itself is a policy, off by default", []string{"review/check.TestTickMovesEverySubmissionOn", "cmd/okno.TestACleanSubmissionIsApprovedOnlyWhereTheOperatorWantsIt"}},
	{"X-06", "a limited cabinet exists from confirmed contacts on", []string{"cmd/okno.TestACabinetExistsBeforeTheDecision", "review/account.TestTheRoleFollowsTheStatus"}},
	{"X-07", "a change of the password is offered and can be passed over", []string{"cmd/okno.TestACabinetExistsBeforeTheDecision", "cmd/okno.TestThePasswordIsChangedInTheCabinet"}},
	{"X-08", "in with the confirmed phone or mail and the password", []string{"review/signin.TestSignInByEitherContact"}},
	{"X-09", "a second factor is a code generator, never a message", []string{"review/field.TestTOTPMatchesRFC6238", "review/staff.TestBothFactorsAreNeeded"}},
	{"X-10", "INN and SNILS optional in both tracks, OMS in A", []string{"review/intake.TestWhatMayBeLeftOut"}},
	{"X-11", "number, dates, issuer and sex are asked for", []string{"review/intake.TestRules"}},
	{"X-12", "the same personal section; Russian citizenship preset from abroad", []string{"review/intake.TestTheVariantFromAbroad"}},
	{"X-13", "the side of the card with the entry stamp", []string{"cmd/okno.TestTheUploadAsksForTheSideWithTheStamp"}},
	{"X-14", "one stay proof is required; exemptions come from dated data", []string{"review/intake.TestBelarusNeedsNoStayProof", "review/intake.TestMissing"}},
	{"X-15", "four outcomes of the question for the track", []string{"review/intake.TestTheFourOutcomes", "handlers/signinweb.TestWhoCannotApplyIsTold"}},
	{"X-16", "a proof of living abroad where the country differs from Russia", []string{"review/intake.TestMissing", "review/intake.TestRules"}},
	{"X-17", "refusal, reasons, appeal and deadlines", []string{"review.TestAnAppealIsMadeOncePerDecisionAndInTime", "review/appeal.TestAnswers", "cmd/okno.TestAnAppealIsAnsweredAndRead", "review.TestReasonBook", "review.TestExpiry"}},
	{"X-18", "consent with text, version, language, time and channel", []string{"cmd/okno.TestConsentIsKeptWithItsText"}},
	{"X-19", "ten minutes to two hours is usual, not a promise", []string{"cmd/okno.TestTheWaitingTimeIsTheDesksOwn", "review.TestClock"}},
	{"X-20", "five times 1024 times 1024 bytes, inclusive", []string{"review/field.TestVectors", "review/scan.TestManifest"}},
	{"X-21", "colour and sharpness are looked at in both tracks and refuse nothing", []string{"review/scan/quality.TestFindings", "review/check.TestChecks"}},
	{"X-22", "partner and organisation: a wish, answered by: not offered here", []string{"cmd/okno.TestTheWishForAnotherAccountIsNotedAndAnswered"}},
	{"X-23", "help: no stored passwords on devices of others", []string{"cmd/okno.TestHelpSaysNotToStorePasswordsElsewhere"}},
	{"X-24", "nothing of weight is saved without a confirmation", []string{"cmd/okno.TestNothingIsPromisedThatIsNotThere", "handlers/intakeweb.TestWarningIsConfirmedWithATick"}},
	{"X-25", "codes for phones go by SMS only", []string{"review/signin.TestRegistrationOpensAnAccount"}},
	{"X-26", "an account works when it is active: its cabinet opens and shows it", []string{"cmd/okno.TestTheWholeWay"}},
	{"X-27", "fourteen years at least; people with one name; several citizenships", []string{"review/intake.TestRules", "review/check.TestChecks"}},
	{"X-28", "no promise of state services", []string{"cmd/okno.TestNothingIsPromisedThatIsNotThere"}},
}

// requiredRows are the rows that must stand in the table.
func requiredRows() (ids []string) {
	add := func(prefix string, from, to int) {
		for n := from; n <= to; n++ {
			ids = append(ids, fmt.Sprintf("%s-%02d", prefix, n))
		}
	}
	add("AP", 1, 31)
	add("SY", 1, 6)
	add("SY", 13, 17)
	add("SY", 25, 25)
	add("X", 1, 28)
	return ids
}

func TestEveryRequirementHasItsProof(t *testing.T) {
	t.Parallel()
	exists := map[string]bool{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				exists[filepath.ToSlash(folder)+"."+f.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for _, r := range requirements {
		if rows[r.id] {
			t.Errorf("%s stands twice", r.id)
		}
		rows[r.id] = true
		if r.meaning == "" || len(r.proof) == 0 {
			t.Errorf("%s is an empty line", r.id)
		}
		for _, p := range r.proof {
			if !exists[p] {
				t.Errorf("%s: there is no test %s", r.id, p)
			}
		}
	}
	for _, id := range requiredRows() {
		if !rows[id] {
			t.Errorf("%s is missing", id)
		}
	}
	if len(requirements) != len(requiredRows()) {
		t.Errorf("%d rows, want %d", len(requirements), len(requiredRows()))
	}
}
