"""Two addresses for a supervisor of a process that serves nothing else: does it live, is it ready."""

import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Check = Callable[[], str]
"""Returns "" if all is well, else a code that says what is not."""


def serve_health(listening: socket.socket, *, health: Check, ready: Check) -> ThreadingHTTPServer:
    """Answers `/health` and `/ready` on a bound socket, from threads of its own, until it is shut down."""
    checks = {"/health": health, "/ready": ready}

    class Answering(BaseHTTPRequestHandler):
        """Knows two addresses, and writes nothing down."""

        def do_GET(self) -> None:
            check = checks.get(self.path)
            problem = "not found" if check is None else check()
            body = (problem or ("ok" if self.path == "/health" else "ready")).encode()
            self.send_response(404 if check is None else 503 if problem else 200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is written down."""

        def version_string(self) -> str:
            return "pmhealth"

    server = ThreadingHTTPServer(listening.getsockname(), Answering, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_activate()
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
