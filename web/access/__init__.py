"""Who may come in, and what they may see and do: sign-in, sessions, relations to a case, rights."""
