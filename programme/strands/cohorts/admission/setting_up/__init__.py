"""Setting an admission up: the call, its form, what references and reviewers are asked."""
