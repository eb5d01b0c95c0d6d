"""The owner's page and JSON API (design 3.3)."""
