"""What writes into the product: the coefficients of ranking, and the ranges of int8."""
