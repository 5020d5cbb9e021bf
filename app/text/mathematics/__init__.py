"""LaTeX → pictures: set by MathJax on a thread of its own, drawn as paths in the text's colour."""
