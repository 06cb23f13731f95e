"""The commands of the command line, a module a group; each is thin: it asks, calls, and prints."""
