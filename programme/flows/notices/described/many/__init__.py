"""Letters that go to many at once, as the catalogue describes them."""
