"""One file per page. A view reads a release and draws; it never computes a number."""
