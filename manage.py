#!/usr/bin/env python
"""Django's command line, on the embedded PostgreSQL unless DATABASE_URL names another."""

import io
import os
import sys

WITHOUT_DATABASE = {"check", "collectstatic", "help", "version", "--help", "-h", "--version"}


def main() -> None:
    from django.core.exceptions import ImproperlyConfigured

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # cron may have a locale without our signs
    try:
        run()
    except KeyboardInterrupt:
        sys.exit(130)
    except ImproperlyConfigured as error:  # a wrong variable: one line that names it
        sys.exit(str(error))


def run() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config import embedded, environment

    environment.make_data_dir()
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if "DATABASE_URL" not in os.environ and command not in WITHOUT_DATABASE:
        os.environ["DATABASE_URL"] = embedded.start()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
