"""Where we speak with the carrier: its words, its signature, its API, and one of our own to rehearse with."""
