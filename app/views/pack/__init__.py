"""The GPU pack's card: what it is, why, and one click. Decides nothing."""
