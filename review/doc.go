// Package review is the domain of the registration desk: what a submission is,
// which way it may go, who may do what, and what is written down about it.
//
// A [Submission] is one person's request for a standard account. Its methods
// are the only way to change it: each checks the rule, mutates the value and
// returns a [Change], the events and notices that must be stored in the same
// transaction. They never read a clock, a store or the network; times and ids
// are arguments.
//
// The package imports the standard library only. Capabilities live in packages
// below it (review/intake, review/queue, review/verdict …); each declares the
// ports it needs.
package review
