"""The rules and models that compete to say who leaves."""
