"""The tools: one maker's product behind each port, each replaceable without the others noticing."""
