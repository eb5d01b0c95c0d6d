"""The owner's page and JSON API, on microdot (design 3.3)."""
