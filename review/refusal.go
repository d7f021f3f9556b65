package review

import "time"

// FirstRefusal is how long corrections that came back wait for the reviewer who
// asked for them.
const FirstRefusal = 15 * time.Minute

// Reservation keeps a case for one reviewer for a while.
type Reservation struct {
	Staff StaffID
	Name  string
	Until time.Time
}

// ErrReserved says that the case waits for the reviewer who asked for the
// corrections; Holder names that colleague.
var ErrReserved = &Error{Kind: Conflict, Code: "reserved"}

// reserve keeps corrections that came back for the reviewer who asked for them.
func (s *Submission) reserve(at time.Time) {
	s.Reserved = nil
	if d := s.Last; s.Round > 1 && d != nil && d.Outcome == RequestCorrection && !s.recused(d.By) {
		s.Reserved = &Reservation{Staff: d.By, Name: d.Name, Until: at.Add(FirstRefusal)}
	}
}

// keptFrom refuses a case to everybody but the reviewer for whom it is kept.
func (s *Submission) keptFrom(by Actor, at time.Time) error {
	if r := s.Reserved; r != nil && r.Staff != by.Staff && at.Before(r.Until) {
		e := *ErrReserved
		e.Holder = r.Name
		return &e
	}
	return nil
}
