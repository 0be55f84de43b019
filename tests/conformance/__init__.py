"""Other people's figures against the product's own functions.

`python -m tests.conformance DIR` runs every JSON file of a known family in a folder. An adapter sees a case
without its expected figures (they are taken out first) and gives the product's answer; only then are the two
compared.
"""
