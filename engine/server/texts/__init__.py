"""Texts and tokens over HTTP, in llama-server's words. It answers nothing and knows no dialect."""
