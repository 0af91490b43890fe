"""Submission: the cycles with their rules, and what the agencies declare in them and prove."""
