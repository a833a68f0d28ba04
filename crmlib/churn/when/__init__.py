"""By when customers return, and from which day of silence on most do not."""
