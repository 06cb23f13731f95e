"""What a measurement costs in memory: each runs in a process of its own."""

import resource


def peak_mb() -> float:
    """Return the peak of this process's memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
