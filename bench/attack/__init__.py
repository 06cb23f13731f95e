"""An attack on the record: what somebody could try, tried, with how much of it was refused or noticed."""
