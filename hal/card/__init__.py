"""Card readers: each driver a file; whoever authorizes waits for `next()` of its queue."""
