"""The form raters fill in: a small ASGI server of its own, in plain HTML. Imports only `survey` and its web libraries."""
