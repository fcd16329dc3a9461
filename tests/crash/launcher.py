"""Starts form servers by forking: `pmhealth serve --only form`, in a process that has imported it already.

Run as a program. A line on stdin with a port starts one; an empty line waits until it is dead. A fork
takes milliseconds where a new interpreter takes a second, so that hundreds of kills are affordable.
"""

import os
import sys
from typing import NoReturn

import survey.form.server  # noqa: F401 - imported once for all children
from dashboard.cli import run


def serve(home: str, port: str) -> NoReturn:
    os._exit(run(["--home", home, "serve", "--only", "form", "--port", port]))


def main(home: str) -> None:
    child = 0
    for line in sys.stdin:
        if line.strip():
            child = os.fork()
            if not child:
                serve(home, line.strip())
            sys.stdout.write(f"{child}\n")
        else:
            os.waitpid(child, 0)
            sys.stdout.write("dead\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
