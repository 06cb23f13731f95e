"""What is shown of the record: one typed model for each object, with the query that fills it."""
