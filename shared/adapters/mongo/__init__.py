"""Documents and files on MongoDB, by motor."""
