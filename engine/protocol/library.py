"""Which llama.cpp host and worker are made for; the worker refuses another."""

LLAMA_VERSION = "0.3.36"
LLAMA = f"llama-cpp-python {LLAMA_VERSION}"
