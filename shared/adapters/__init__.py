"""The outside world behind the ports: one library, one door; each with a memory twin."""
