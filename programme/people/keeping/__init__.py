"""What is kept on people: asked of every room, and answered by this one."""
