"""Time budgets: how long anything waits for the next thing, in seconds, and why so long.

A caller hears silence meanwhile, so what is inside another has to end before it: the database
before the answer, the answer before Vapi gives up. tests/tenants/test_budgets.py holds the order.
"""

# --- a request of Vapi's, from the outside in

# Vapi gives a tool up after so long (`timeoutSeconds` of a tool): our answer, the way there and
# back.
VENDOR_WAITS = 10.0
# Vapi fills the silence of a tool with words after so long (`timingMilliseconds`).
VENDOR_FILLS_SILENCE = 4.0
# What is promised to callers, whatever breaks.
PROMISED = 5.0
# From when the request has arrived to the answer; the rest of what is promised is for sending it.
REQUEST = 4.0
# With less left nothing is begun: it would most likely be given up halfway.
LEAST = 0.5
# Left of a request for its answer, when the rest of it was spent waiting for the database.
RESERVE = 0.3

# A healthy database keeps a request waiting for less: until its organization is known, and until it
# has been answered once more. Who waited longer is not told that nothing was done.
WAITED_UNTIL_KNOWN = 0.4
WAITED_UNTIL_ANSWERED = 1.0

# --- the database

# For a lock on a diary: many callers want one time, and the last of them is still answered.
LOCK = 3.0
# For the same where a time is only offered: then it is offered without being held.
LOCK_TO_HOLD = 2.0
# For one statement, where no request bounds it (the front desk, a command).
STATEMENT = 5.0
# For a connection of the pool, and for the pool to try anew after an outage instead of waiting out
# a back-off as long as the outage was.
POOL = 1.0
POOL_RECONNECT = 1.0
# For a new connection, in whole seconds (libpq).
CONNECT = 3
# For the end of an outage that another request has found; and as long after the first doubt, since
# it may have been one statement.
OUTAGE = 0.25
OUTAGE_DOUBT = 1.0
# For whether the database answers again, in whole seconds: a question may be lost in a cut network.
OUTAGE_QUESTION = 3
# For `/health`: the probes of most proxies wait two seconds.
HEALTH = 1.5
HEALTH_CONNECT = 2
# For whether a pooler mixes sessions up.
POOLER = 2.0
# For a table that `doctor` looks at and somebody changes.
LOCK_OF_DOCTOR = 1

# --- gunicorn, and the server we start ourselves

# For the head of a request, its body, the client to take the answer, and to close.
HEAD = 5.0
BODY = 10.0
ANSWER = 10.0
CLOSING = 2.0
# For all that is no call: somebody at the front desk waits for it.
DESK = 12.0
# For the requests of a worker that is stopped: longer than any of them may take.
STOPPING = 15
# For a sign of life of a worker.
WORKER = 30
# For PostgreSQL to start on a busy machine, and to stop before it is killed.
SERVER_STARTS = 30
SERVER_STOPS = 10

# --- the vendor's API

# For one request of `sync_assistants`; nobody is on the line.
VENDOR_API = 30
# For a page that publishes a personality, and for one that only looks whether it is published. What
# was done is written down afterwards, within the time of a page.
VENDOR_PUBLISHES = 10
VENDOR_LOOKS = 5
