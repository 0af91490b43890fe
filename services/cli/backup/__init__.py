"""Backups of a deployed system: saved, put back, held against what was signed.

`save` and `restore` are about one service, or the topic; `refill` and `recall` bring back what one
of the stores lost and others have; `drill` restores everything into an empty place and compares.
"""
