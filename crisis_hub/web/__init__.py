"""The front: translates between HTTP and the hands, and decides nothing."""
