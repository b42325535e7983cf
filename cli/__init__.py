"""The command line, on top of all the other parts."""
