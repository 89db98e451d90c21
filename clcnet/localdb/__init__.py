"""The embedded PostgreSQL: a database server of the checkout's own, started when the first connection needs it.

`settings.py` names this package as the database's ENGINE where DATABASE_URL names no other server. Everything lives
under `.data/` (or the folder in CLCNET_DATA), behind a Unix socket that only the owner can open; there is no network
port.

- `base.py` is the Django backend: PostgreSQL's, plus "see that the server runs" before each connection.
- `server.py` is what its users call, programs and people; it says how all of this holds together.
- `supervisor.py` starts, watches and stops the server in a process of its own.
- `processes.py` and `places.py`: which processes, folders and locks are ours. These four use the standard library only.
"""
