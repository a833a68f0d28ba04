"""The contact list: from whom the chapters put forward to one action a customer, under what limits it."""
