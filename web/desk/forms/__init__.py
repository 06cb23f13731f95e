"""A web form made from the form of a fact: its fields as a page shows them, and what was typed as a file has it."""
