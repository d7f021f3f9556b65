// Package reviewtest holds what tests of the desk share: a clock that stands
// still until it is moved, people of every role, and the answers of an invented
// applicant.
package reviewtest

import (
	"sync"
	"time"

	"okno/review"
)

// Clock is a [review.Clock] that tests move by hand. It may be used by several
// goroutines.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that shows a Tuesday morning.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)} }

// Now returns the moment that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock and returns the new moment.
func (c *Clock) Add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// People of the desk.
var (
	Anna       = staff("anna", "Анна Образцова", review.RoleReviewer)
	Boris      = staff("boris", "Борис Примеров", review.RoleReviewer)
	Senior     = staff("sania", "Сания Старшая", review.RoleSeniorReviewer)
	Supervisor = staff("sofia", "Софья Главная", review.RoleSupervisor)
	Auditor    = staff("arsen", "Арсен Смотрящий", review.RoleAuditor)
)

func staff(id review.StaffID, name string, roles ...review.Role) review.Actor {
	return review.Actor{Staff: id, Name: name, Roles: roles}
}

// Applicant is the holder of an account that is not active yet.
func Applicant(account review.AccountID) review.Actor {
	return review.Actor{Account: account, Roles: []review.Role{review.RoleApplicant}}
}

// Answers are those of an invented person; each call returns a fresh copy.
func Answers() review.Answers {
	a := review.Answers{}
	for f, v := range map[review.Field]string{
		review.Surname: "ОБРАЗЦОВ", review.GivenName: "ПРОБА", review.SurnameLatin: "OBRAZTSOV", review.GivenNameLatin: "PROBA",
		review.BirthDate: "1991-03-14", review.BirthPlace: "ОБРАЗЕЦК", review.Sex: "M", review.Citizenship: "UZB",
		review.DocumentType: "foreign-passport", review.DocumentNumber: "FA1234567",
		review.DocumentIssueDate: "2020-01-10", review.DocumentExpiryDate: "2030-01-09", review.DocumentIssuer: "SPECIMEN OFFICE",
		review.StayProofType: "migration-card", review.StayProofNumber: "4607 0000001", review.StayFrom: "2026-11-02", review.StayTo: "2027-01-30",
		review.Address: "г. Образцово, ул. Примерная, д. 1",
	} {
		a[f] = review.Answer{Typed: v, Value: v}
	}
	return a
}
