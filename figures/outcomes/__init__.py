"""What became of the people, counted from the record: each outcome of ``policy.outcomes``."""
