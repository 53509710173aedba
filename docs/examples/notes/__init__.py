"""A small notes service: the demo application of Drystone."""
