"""What chapter 01 shows: one module a question of the page."""
