"""Python recipes that prepare models for Millrace."""
