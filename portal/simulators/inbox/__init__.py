"""The demo phone: takes texts as a carrier's HTTP gateway would, and shows them as a phone does."""
