"""The guide of the first run, and what is told after it."""
