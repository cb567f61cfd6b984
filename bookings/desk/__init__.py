"""The pages of the front desk, and what they do to the diary."""
