"""From a prompt to a delivered message: recipients, outbox, templates, transports."""
