"""What the worker can do, by kind of job; each handler is thin, and what it runs lives elsewhere."""
