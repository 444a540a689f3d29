"""Where researchers go: asked by a link, told as sums beside the national figure."""
