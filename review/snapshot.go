package review

import "time"

// Snapshot is what a submission held when it was sent for the given round. The
// desk compares it with the present answers and documents.
type Snapshot struct {
	Round     int
	At        time.Time
	Answers   Answers
	Documents []Document
}
