"""What ranking does when another service speaks: it counts, and commands nothing.

A result is approved and published by people, so that no reaction stands here.
"""
