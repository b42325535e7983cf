"""What a clerk answers: short questions about documents, values and files; the child side, which may import nodes."""
