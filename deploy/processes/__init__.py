"""A whole fleet as plain processes of one machine, for trying and for tests: ``python -m deploy.processes``."""
