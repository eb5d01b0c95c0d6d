"""The owner's page and JSON API (owner.md)."""
