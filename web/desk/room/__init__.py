"""The meeting room: a meeting recorded while it is held, step by step in the order of its agenda."""
