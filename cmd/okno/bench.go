package main

import (
	"context"
	"fmt"
)

// benches are the measurements that "okno bench" knows. Each takes its own flags.
func benches() []command {
	return []command{
		{"desk", "fill a desk with many submissions and time its pages", program.benchDesk},
		{"documents", "read the machine-readable lines of a folder of files", program.benchDocuments},
	}
}

// bench runs one measurement.
func (p program) bench(ctx context.Context, args []string) error {
	for _, b := range benches() {
		if len(args) > 0 && args[0] == b.name {
			return b.run(p, ctx, args[1:])
		}
	}
	fmt.Fprint(p.stderr, "usage: okno bench <measurement> [flags]\n\n")
	for _, b := range benches() {
		fmt.Fprintf(p.stderr, "  %-10s %s\n", b.name, b.about)
	}
	return fmt.Errorf("bench: name a measurement")
}
