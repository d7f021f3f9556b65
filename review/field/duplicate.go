package field

// Duplicate is the verdict on two records: do they describe one person?
type Duplicate string

// The verdicts, from sure to none.
const (
	DuplicateCertain  Duplicate = "certain"
	DuplicateProbable Duplicate = "probable"
	DuplicatePossible Duplicate = "possible"
	DuplicateNone     Duplicate = "none"
)

// Person is what the search for duplicates compares. Empty fields say nothing; phone
// and mail are given only when they are confirmed.
type Person struct {
	Surname, Given        string
	BirthDate             string
	DocCountry, DocNumber string
	SNILS, INN, OMS       string
	Phone, Email          string
}

// CompareDuplicate tells whether two records are the same person.
func CompareDuplicate(a, b Person) Duplicate {
	if a.sharesIdentifier(b) {
		return DuplicateCertain
	}
	if a.BirthDate != "" && a.BirthDate == b.BirthDate {
		switch a.nameMatch(b) {
		case Exact, Equivalent:
			return DuplicateProbable
		case Close:
			return DuplicatePossible
		}
	}
	if a.sharesContact(b) {
		return DuplicatePossible
	}
	return DuplicateNone
}

func (a Person) sharesIdentifier(b Person) bool {
	return same(a.SNILS, b.SNILS, plainNumber) ||
		same(a.INN, b.INN, plainNumber) ||
		same(a.OMS, b.OMS, plainNumber) ||
		a.DocCountry == b.DocCountry && same(a.DocNumber, b.DocNumber, PassportKey)
}

func (a Person) sharesContact(b Person) bool {
	return same(a.Phone, b.Phone, normalPhone) || same(a.Email, b.Email, normalEmail)
}

// nameMatch compares surname and given name; a record without any name is nobody.
func (a Person) nameMatch(b Person) Match {
	if a.Surname+a.Given == "" || b.Surname+b.Given == "" {
		return Different
	}
	issuer := a.DocCountry
	if issuer == "" {
		issuer = b.DocCountry
	}
	return Worst(NameMatch(a.Surname, b.Surname, issuer), NameMatch(a.Given, b.Given, issuer))
}

// same compares two values by a key and ignores empty ones.
func same(a, b string, key func(string) string) bool {
	a, b = key(a), key(b)
	return a != "" && a == b
}

func plainNumber(s string) string { return compact(s, " -") }

func normalPhone(s string) string {
	n, _ := Phone(s)
	return n
}

func normalEmail(s string) string {
	n, _ := Email(s)
	return EmailKey(n)
}
