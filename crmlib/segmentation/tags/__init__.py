"""Tags by rules in the parameters, with since when each holds."""
