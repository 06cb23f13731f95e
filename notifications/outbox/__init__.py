"""The outbox: what is claimed, sent, retried or left to a person."""
