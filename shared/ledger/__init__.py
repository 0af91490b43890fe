"""The ledger: facts of a cycle numbered 1, 2, 3, ..., and the tree over their bytes. Pure."""
