"""Open single files."""
