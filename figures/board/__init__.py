"""The board's pack: one page a quarter on how the area works, and the same without a case for lay advisers."""
