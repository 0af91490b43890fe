"""The published language: every fact that a service tells the others, and its bytes."""
