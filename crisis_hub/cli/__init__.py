"""The command line: translates options into calls, and answers into sentences."""
