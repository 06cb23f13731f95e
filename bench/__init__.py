"""Benchmarks: each prints its figure beside the one that was promised and what a user would use instead."""
