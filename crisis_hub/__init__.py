"""crisis_hub: an open system for crisis lines."""

__version__ = "0.1.0"
