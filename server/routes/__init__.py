"""What can be asked for over HTTP, one file for each kind of thing."""
