package search

import (
	"sync"
	"time"

	"okno/review"
)

const (
	keptFor    = 15 * time.Minute
	keptPerson = 20   // queries of one person
	keptAll    = 2000 // of everybody
)

// asked is a query that somebody may look at again.
type asked struct {
	query Query
	staff review.StaffID
	at    time.Time
}

// memory keeps queries for a while, in the order in which they were asked. It
// forgets the oldest of a person who asks much, and everything with the process.
type memory struct {
	mu    sync.Mutex
	byID  map[string]asked
	order []string
}

func newMemory() *memory { return &memory{byID: map[string]asked{}} }

func (m *memory) keep(id string, a asked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	own := 1
	kept := m.order[:0]
	for i := len(m.order) - 1; i >= 0; i-- { // count from the newest
		if m.byID[m.order[i]].staff == a.staff {
			own++
		}
		old := m.byID[m.order[i]]
		if a.at.Sub(old.at) > keptFor || old.staff == a.staff && own > keptPerson {
			delete(m.byID, m.order[i])
		}
	}
	for _, k := range m.order {
		if _, ok := m.byID[k]; ok {
			kept = append(kept, k)
		}
	}
	m.order = append(kept, id)
	m.byID[id] = a
	if len(m.order) > keptAll {
		delete(m.byID, m.order[0])
		m.order = m.order[1:]
	}
}

// find returns a query to the person who asked it.
func (m *memory) find(id string, staff review.StaffID, at time.Time) (asked, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.byID[id]
	if !ok || a.staff != staff || at.Sub(a.at) > keptFor {
		return asked{}, false
	}
	return a, true
}
