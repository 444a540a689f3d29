"""How milestones are reached: handed in with evidence, signed for, or done elsewhere."""
