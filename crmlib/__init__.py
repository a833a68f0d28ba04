"""Customer analytics for retail: the helper package of the workbook's notebooks."""
