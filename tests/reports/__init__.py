"""Inputs in the shape of public problem reports of programs that extract quotations."""
