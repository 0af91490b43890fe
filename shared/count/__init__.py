"""The count: facts of a cycle folded into what an index is computed from. Pure."""
