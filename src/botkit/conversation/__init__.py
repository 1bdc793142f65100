"""The way of a message: inbox → router → dialogue → outbox, and the transcript of it all.

What is received is stored before it is worked on, and worked on until it is answered or handed on; an answer is stored
together with the mark that its message is handled, and delivered from the store. So a crash at any point loses nothing
and repeats nothing.
"""
