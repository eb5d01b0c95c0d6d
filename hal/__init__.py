"""The hardware, and the loop that keeps it safe. Imports nothing of the project but memory.py from outside."""
