"""Importing: patients and appointments from a CSV file, all of its rows or none."""
