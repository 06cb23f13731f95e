"""What must hold of the record, looked at every hour: invariants and the heartbeat."""
