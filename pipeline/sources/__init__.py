"""One file per survey tool: how its export is laid out, and nothing about what the answers mean."""
