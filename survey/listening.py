"""The port of a server on this machine. A proxy in front of it speaks TLS to the world."""

import socket

from survey.errors import ConfigError

HOST = "127.0.0.1"
"""Only this machine."""


def listen(port: int) -> socket.socket:
    """Returns a socket bound to a port of this machine; port 0 takes any free one.

    Raises:
        ConfigError: the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise ConfigError(
            "port-taken",
            f"port {port} is in use by another program",
            where=f"{HOST}:{port}",
            hint="stop that program, or choose another port with --port",
        ) from error
    return listening
