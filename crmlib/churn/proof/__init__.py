"""How rules and models did the last time they could be checked."""
