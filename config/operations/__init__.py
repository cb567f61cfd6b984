"""Operations: programs that test a running system.

Their commands are in config/management/commands:

| command | here |
| --- | --- |
| stress_test | `races` |
| chaos_test | `chaos/`, and `judging/` for what was heard |
| replay_call | `replays` |
| health_check, benchmark | `scratch`: a temporary clinic, and a server for it |
| serve | `demonstration`: the two clinics a newcomer sees |
"""
