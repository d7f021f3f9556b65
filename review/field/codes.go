package field

// Codes lists every fault code of this package, so that a test of the catalogues
// can ask for a text in each language. The codes of package mrz are in mrz.Codes.
var Codes = []string{
	"empty", "charset", "length", "reserved", "checksum", "format",
	"not-a-date", "future", "too-old", "too-young",
	"unknown", "historic", "country-pattern", "series", "range",
	"not-russian", "not-mobile", "local-part", "domain",
	"mixed-script", "wrong-script", "separator",
	"too-large", "type", "type-mismatch",
	"too-short", "too-long", "no-upper", "no-lower", "no-digit", "no-special",
	"part:day", "part:month", "part:year",
	"format:day", "format:month", "format:year",
	"before-birth", "before-issue", "expired", "expires-soon",
}
