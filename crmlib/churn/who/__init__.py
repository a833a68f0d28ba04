"""Who is at risk today, and whom to look at first."""
