"""What is true of a cycle (đợt đánh giá) and of an agency's sheet in it, and what may follow."""
