"""Why customers leave: what the chosen model looks at, and what speaks for each customer who is put forward."""
