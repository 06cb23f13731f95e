"""The figures: annual report, indicators, outcomes and the board's pack, all counted from the record.

Every number can say which cases it counts, and why.
"""
