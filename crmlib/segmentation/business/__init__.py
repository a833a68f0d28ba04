"""How the business goes: months, what changed and why."""
