"""What satisfaction hangs on, and what to mend first."""
