package link

// DemoMailboxTo is the mailbox narrowed down to a recipient.
func DemoMailboxTo(recipient string) string { return query(DemoMailbox(), "to", recipient) }

// DemoMailboxJSON is the mailbox for programs.
func DemoMailboxJSON() string { return "/demo/mailbox.json" }
