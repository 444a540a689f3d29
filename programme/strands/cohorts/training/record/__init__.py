"""The training record of one researcher: what they came to and did elsewhere, who assents, what it sums to."""
