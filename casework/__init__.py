"""What people do to a case: every change to the record is one function here, in one transaction."""
