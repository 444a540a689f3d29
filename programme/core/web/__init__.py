"""Ground for pages: words, lists, forms, downloads, refusals."""
