"""The heart: what a crisis line knows and decides. Standard library only; no clock, no network, no randomness."""
