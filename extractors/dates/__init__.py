"""Dates as EDTF, in every printed form, and the numbers that only look like dates."""
