// Package snapshot makes the pictures by which the reader of machine-readable lines is
// judged: documents of all kinds with invented people, printed with and without a busy
// background, then photographed well, badly or hopelessly. The same seed gives the same
// pictures. Nothing here takes part in the training, and every picture says SPECIMEN.
package snapshot
