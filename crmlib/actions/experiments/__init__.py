"""Part of every list is left out at random, so that the next report can tell what the list has brought."""
