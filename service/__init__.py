"""The running program: settings, clock, server, command line."""
