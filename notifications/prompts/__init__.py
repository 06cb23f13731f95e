"""From a rung that is due to a prompt: who gets it, and the message that carries it."""
