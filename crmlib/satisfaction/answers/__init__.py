"""Who was asked and who answered, and whom the answers stand for."""
