"""The hands: what is done with what the heart decides. Standard library and domain only."""
