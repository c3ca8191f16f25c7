"""The ledger: facts that are only added, with the effects, deadlines and read models they bring about."""
