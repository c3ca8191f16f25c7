"""How a database is brought to the tables of this version, step by step, with Alembic."""
