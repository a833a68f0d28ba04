"""Who responds: whom a contact wins over, who buys after one anyway, and what may be known before it."""
