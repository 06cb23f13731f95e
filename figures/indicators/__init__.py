"""How the work is done, counted from the record: each indicator of ``policy.indicators`` by period, place and level."""
