"""Time budgets: how long each part waits for the next one, in seconds, and why.

A caller hears silence meanwhile, so an inner wait has to end before the outer one: the database's
before the answer's, and the answer's before Vapi gives up. tests/tenants/test_budgets.py checks
this order.
"""

# --- a request from Vapi, the longest wait first

# How long Vapi waits for a tool (`timeoutSeconds` of a tool): for our answer and for the network.
VENDOR_WAITS = 10.0
# How long a tool may be silent before Vapi fills the silence with words (`timingMilliseconds`).
VENDOR_FILLS_SILENCE = 4.0
# How long a caller waits for an answer at most, even when something is broken: our promise.
PROMISED = 5.0
# How long we take to answer once the request has arrived. The rest of the promise is for sending.
REQUEST = 4.0
# With less time left no work is begun, since it would most likely be broken off halfway.
LEAST = 0.7
# How much of a request's time the database may not use, so that some is left for the answer.
RESERVE = 0.3
# How much of the rest a tool may not use, so that some is left to look at what it has done.
LOOK = 0.2

# How long a request waits at most while the database is healthy: until its organization is known,
# and until a later query is answered. A caller whose request took longer is not told that nothing
# was done, because another request of the call may still be waiting.
WAITED_UNTIL_KNOWN = 0.4
WAITED_UNTIL_ANSWERED = 1.0

# How long a question about what was done waits for earlier messages: until those that wait for a
# thread are read, since it may be about one of them, and those of its own call are answered.
SETTLE = 0.5

# --- the database

# How long a booking waits for the lock on a diary, because many callers may want the same time and
# the last of them is still answered.
LOCK = 3.0
# How long an offer waits for that lock. After that the time is offered without being held.
LOCK_TO_HOLD = 2.0
# How long one statement may take where no request limits it (the front desk, a command).
STATEMENT = 5.0
# How long a request waits for a connection of the pool.
POOL = 1.0
# How long the pool tries to reconnect before it starts again. Its pauses grow with each try, and
# would otherwise become as long as the outage was.
POOL_RECONNECT = 1.0
# How long we wait for a new connection, in whole seconds (libpq).
CONNECT = 3
# How long a request waits for the end of an outage that another request has found. In the second
# after the first fault it waits until that second is over, since one statement alone may have
# failed.
OUTAGE = 0.25
OUTAGE_DOUBT = 1.0
# How long we wait to learn whether the database answers again, in whole seconds, because packets
# may be lost in a cut network.
OUTAGE_QUESTION = 3
# How long `/health` waits for the database, and for a new connection (in whole seconds), because
# the probes of most proxies wait two seconds.
HEALTH = 1.5
HEALTH_CONNECT = 2
# How long the check takes at most that finds a pooler which mixes up sessions.
POOLER = 2.0
# How long `doctor` waits for a table that somebody else is changing.
LOCK_OF_DOCTOR = 1

# --- gunicorn, and the server we start ourselves

# How long the server waits for the head of a request, for its body, for the client to take the
# answer, and for the client to close.
HEAD = 5.0
BODY = 10.0
ANSWER = 10.0
CLOSING = 2.0
# How long a request that is not a call may take, because somebody at the front desk waits for it.
DESK = 12.0
# How long a worker that is stopped waits for its requests: longer than any of them may take.
STOPPING = 15
# How long gunicorn waits for a sign of life from a worker.
WORKER = 30
# How long we wait for PostgreSQL to start, because the machine may be busy; and to stop, before we
# kill it.
SERVER_STARTS = 30
SERVER_STOPS = 10

# --- the vendor's API

# How long one request of `sync_assistants` may take; no caller waits for it.
VENDOR_API = 30
# How long a page may ask Vapi to publish a personality, and how long another may ask whether it is
# published. The result is stored afterwards, within the time of the page.
VENDOR_PUBLISHES = 10
VENDOR_LOOKS = 5
