"""Values and arithmetic of the index: pure, and of the standard library alone."""
