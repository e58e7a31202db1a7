"""Notices on the boards, and the letters of a case, on paper and on the screen."""
