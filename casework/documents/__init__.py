"""Documents written from the record: the minutes of a meeting, and the papers before it."""
