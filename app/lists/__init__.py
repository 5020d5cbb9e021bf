"""Qt item models over plain values: they say what a row shows, and decide nothing."""
