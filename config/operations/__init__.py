"""Operations: what is run against a system that serves, to find out whether it can be trusted."""
