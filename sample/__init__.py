"""An invented area, and invented people who answer."""
