"""Text → reasoning, answer and tool calls, as it streams. Pure; one file for each family.

Every reader takes one character after the other, so that what is told does not depend on how the
text was cut. What begins like a call and is none comes out as text: nothing is lost.
"""
