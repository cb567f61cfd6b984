"""Chaos: callers and staff use clinics while their server is being broken.

`runs` is the start: it makes clinics, lets `callers` and `staff` work while `faults` happen, lets
`watch` read the diaries, and hands all of it to `config.operations.judging`; `report` shows what
was found.
"""
