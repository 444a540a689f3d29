"""Stories of decisions: each ends in a mailbox.

Which story stands for which sentence of what was asked for:

- by the organiser; in bulk, with a preview and an undo: `by_the_organiser`, a decision about many
- two keys; people see the stage, never the deliberation: `two_keys`, both universities say yes
- one key's no ends it; each with its reason: `two_keys`, one no ends it
- a delegate; sign-off by a link without an account: `two_keys`, a key is given away
- a deadline and an escalation: `two_keys`, a late key is told
- notes between organisers: `by_the_organiser`, notes stay between organisers
- answers change until a deadline, until decided, or never: `by_the_organiser`, answers change until a day, answers stay
- a change after approval asks anew: `by_the_organiser`, a change after the yes
- what overlaps, what cannot be reached between the sites (settings), hard or tight, the sum, never a bar: `clashes`
"""
