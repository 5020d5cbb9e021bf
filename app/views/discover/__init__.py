"""Finding a repository, and choosing one of its quantizations."""
