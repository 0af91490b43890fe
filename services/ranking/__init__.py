"""Ranking (xếp hạng): counts the log into index, rank and grade, and publishes results."""
