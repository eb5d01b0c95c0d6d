"""config.json, which the owner edits, and the loader that checks it."""
