"""The table of travel times: what was known beforehand, and what administrators know better."""
