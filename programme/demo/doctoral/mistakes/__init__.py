"""What is made by mistake, and undone; and what is planned twice."""
