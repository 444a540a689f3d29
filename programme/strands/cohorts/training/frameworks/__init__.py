"""Frameworks of researchers' skills, as tables that administrators load: the newest sorts training from then on."""
