package field

// seriesNumber checks a document of a digit series and a digit number and returns
// them with one space between. A number of zeros is never issued.
func seriesNumber(s string, series, number int) (string, []Fault) {
	n, faults := digitsOf(s, " -№", series+number, series+number)
	if faults != nil {
		return n, faults
	}
	if allZero(n[series:]) {
		faults = fault("reserved")
	}
	return n[:series] + " " + n[series:], faults
}
