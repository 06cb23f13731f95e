"""What a user would build on instead: the same rows, written by the jobs of other schedulers and queues.

They are no dependency of the project: they are installed into an environment of their own, and what runs there
(``worker`` and ``on_...``) imports the rivals, the drivers and the standard library alone.
"""
