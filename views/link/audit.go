package link

// AuditQuery is the audit log with filters, given as name and value in turn.
func AuditQuery(pairs ...string) string { return query(Audit(), pairs...) }

// AuditVerify asks for a check of the whole log.
func AuditVerify() string { return "/admin/audit/verify" }
