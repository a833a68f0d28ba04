"""What satisfied and dissatisfied customers buy afterwards."""
