"""The demonstration's chapters: what people do when the events are announced."""
