"""What the owner edits: config.json, and the loader that checks it."""
