"""The bell that rings after a commit: in process, and between processes."""
