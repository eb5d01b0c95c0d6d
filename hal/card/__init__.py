"""Card readers, one driver a file. Core waits for `next()` of the queue that the reader fills."""
