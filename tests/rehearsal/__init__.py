"""The main job, played over HTTP, SMTP and `programme run-due --at`: `make rehearse`."""
