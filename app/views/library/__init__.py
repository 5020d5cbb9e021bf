"""The library's screen: what lies on the shelf, and what can be done with it."""
