"""Copying: what an event takes along that lies in other rooms."""
