"""The hardware and the loop that keeps it safe; imports nothing of the project outside this folder."""
