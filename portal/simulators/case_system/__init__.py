"""The lender's case system: receives the portal's webhooks, verifies them with the public library, shows the feed."""
