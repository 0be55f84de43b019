"""A training provider: knows who is enrolled, and confirms milestones to the portal by signed calls."""
