"""The port's interface, described: as OpenAPI, and as a page to read."""
