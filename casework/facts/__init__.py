"""From the rows of the record to the facts that the rules read."""
