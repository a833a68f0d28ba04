"""By when customers return, and from which day of silence on a message is due."""
