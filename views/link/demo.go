package link

// DemoMailboxJSON is the mailbox for programs.
func DemoMailboxJSON() string { return "/demo/mailbox.json" }
