"""What the facts of a case make due, one module a stage of its life."""
