"""The cycle of 2021, played against the running system as its users would: by HTTP alone."""
