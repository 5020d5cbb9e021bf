"""What is wrong with this machine?

Knows how facts are gathered without being hurt by a source that hangs or dies, what they mean,
and what to do. The facts are gathered by a child process of its own, the proof that devices
compute by a worker; judging them is pure. Knows no screen.
"""
