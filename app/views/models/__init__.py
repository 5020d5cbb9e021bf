"""Getting a model, and how it is to be loaded."""
