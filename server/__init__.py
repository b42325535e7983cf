"""Serve graphs, runs, values and progress over HTTP and websocket; faces the network, sees nodes only as JSON."""
