"""The transfers, as a panel and as a strip."""
