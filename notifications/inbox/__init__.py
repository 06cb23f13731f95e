"""The inbox: what comes back of e-mails, read from a mailbox and brought to the record."""
