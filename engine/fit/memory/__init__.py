"""How many bytes a load takes, and where: closed forms after llama.cpp's own code."""
