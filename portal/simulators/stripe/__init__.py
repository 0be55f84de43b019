"""A payment provider that speaks Stripe's wire format, for the demo and the tests. No money moves."""
