"""The programme elsewhere: in people's calendars, on the universities' own pages, in other programs."""
