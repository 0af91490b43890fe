"""The loops that move facts, written once over the ports."""
