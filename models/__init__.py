"""The embedded models that ship with Promptograph."""
