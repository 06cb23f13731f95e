"""The stages, one file each: what waits, and the steps that handle it."""
