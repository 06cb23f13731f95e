"""What keeps the program in order: backup, checks, messages of unknown fate."""
