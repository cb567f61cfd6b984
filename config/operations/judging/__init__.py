"""Judging: whether every sentence that was heard was true, by what the diaries held and when.

`truth` is the start. `claims` reads the statements in a sentence, `history` holds what the diaries
held, `world` what was asked and answered, and `rules` compare them.
"""
