"""A template in, what is wrong with it out, before any human loop is started: one small rule per mistake."""
