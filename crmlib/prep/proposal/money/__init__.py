"""Money of order lines: which column is a price, a total, a discount, an order's, told by the numbers or asked."""
