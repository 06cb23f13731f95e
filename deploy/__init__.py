"""How a fleet is brought up: by an engine of containers, by systemd, or as plain processes of one machine."""
