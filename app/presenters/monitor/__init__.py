"""What the monitor shows: what was measured lately and over a day, and how it is looked at."""
