"""The annual report of an area (CJA 2003 s.326(5)): what is published, how it is counted, and which cases it counts."""
