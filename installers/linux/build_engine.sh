#!/bin/sh
# Builds llama.cpp for every x86-64 processor into build/engine: a plugin for each generation, the
# best one picked when it starts. About 8 minutes on two cores. POSIX sh.
set -eu
cd "$(dirname "$0")/../.."
[ -x .venv/bin/python ] || { echo "Run sh installers/run.sh or test.sh first: it makes .venv." >&2; exit 1; }

library=llama_cpp/lib
CMAKE_ARGS="-DGGML_BACKEND_DL=ON -DGGML_CPU_ALL_VARIANTS=ON -DGGML_NATIVE=OFF -DLLAMA_OPENSSL=OFF"
# Plugins would land in site-packages/bin otherwise, where nothing looks for them.
for kind in BINDIR LIBDIR; do
    CMAKE_ARGS="$CMAKE_ARGS -DCMAKE_INSTALL_$kind=$library"
done
CMAKE_ARGS="$CMAKE_ARGS -DCMAKE_INSTALL_INCLUDEDIR=llama_cpp/include"
export CMAKE_ARGS

rm -rf build/engine
# pip's cache does not tell this build from the one for this machine.
.venv/bin/python -m pip install --disable-pip-version-check -v --no-cache-dir --no-deps \
    --target build/engine llama-cpp-python==0.3.36
set -- build/engine/$library/libggml-cpu-*.so
echo "build/engine: llama.cpp for $# generations of processors"
