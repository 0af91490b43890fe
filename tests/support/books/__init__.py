"""Runbooks as tests run them: their blocks, stand-ins for what is not here, and the checks."""
