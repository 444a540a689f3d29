"""References: whom applicants name, who is asked, and what they write."""
