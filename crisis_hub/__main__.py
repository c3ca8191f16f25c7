"""`python -m crisis_hub` is `crisis-hub`."""

from crisis_hub.cli.main import main

main()
