"""The benchmark: what each kind of request costs beside an empty view."""
