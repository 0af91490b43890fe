"""Servers as programs of this machine: started, ended, killed and paused at will.

All of them have the same verbs, which stand in `server`. Each keeps its data and its log in a
folder, and its port over restarts.
"""
