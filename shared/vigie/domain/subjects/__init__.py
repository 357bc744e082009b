"""Subjects: the stories of one client about one event, for display and counting; they never touch stories.

``features``     what a story speaks of: stems and names, without the words that found it
``frequencies``  how common each is in the stack and among the client's own stories
``grouping``     stories taken in order of time, each joining the subject nearest in words and time
``decisions``    what people split and merged, replayed over that
``headline``     the story whose headline speaks best for all
"""
