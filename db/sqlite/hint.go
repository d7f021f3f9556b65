package sqlite

// Use names the index that a SELECT must read, to be put behind the table's
// name. The planner would often guess another one before it has figures, and
// sort what the index holds in order. A statement that cannot use the index
// fails, which a test notices.
func Use(index string) string { return ` INDEXED BY ` + index + ` ` }
