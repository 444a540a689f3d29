"""How an opening's registrations are decided on: by whom, in how long, and what happens when answers change."""
