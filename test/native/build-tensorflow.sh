#!/usr/bin/env bash
# Builds @tensorflow/tfjs-node-gpu's native binding from its own sources against a TensorFlow library of the machine, for where its
# prebuilt library can't be downloaded or there is no GPU. Any libtensorflow_cc from 2.9 on serves.
#
#   test/native/build-tensorflow.sh [folder]        default folder: node_modules/.cache/tensorflow
#
# The library comes from, in this order: $TENSORFLOW_DIR (a folder with include/ and libtensorflow_cc.so.2), the `tensorflow` package
# of $PYTHON (default python3), or `pip install tensorflow-cpu` into a virtual environment in the folder.
# Prints the path of the built package on stdout, to be given to the tests:
#
#   CRACKLE_TFJS_NODE=$(test/native/build-tensorflow.sh) npx vitest run test/propagation
#
# Runs again in a second once built. Where it can't build, it says `skipped: <reason>` on stderr and leaves with status 3.
set -uo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$root/node_modules/.cache/tensorflow}
python=${PYTHON:-python3}
version=4.22.0

skip() {
  echo "skipped: $1" >&2
  exit 3
}
# Runs a step with its output in a log, the end of which is shown where it fails.
step() {
  local name=$1
  shift
  "$@" >"$folder/$name.log" 2>&1 || {
    tail -n 15 "$folder/$name.log" >&2
    skip "$name failed; the whole of its output is in $folder/$name.log"
  }
}
loads() {
  node -e '
    const util = require("util");
    util.isNullOrUndefined ??= (x) => x == null;
    util.isArray ??= Array.isArray;
    process.exit(require(process.argv[1]).findBackend("tensorflow") === null ? 1 : 0);
  ' "$1"
}
# The folder of an installed Python package, without importing it.
found() {
  "$1" -c 'import importlib.util as u; s = u.find_spec("tensorflow"); print(s.submodule_search_locations[0] if s else "")' 2>/dev/null
}

mkdir -p "$folder" 2>/dev/null || skip "$folder can't be written"
folder=$(cd "$folder" && pwd)
package=$folder/node_modules/@tensorflow/tfjs-node-gpu

if [ -d "$package/lib" ] && loads "$package" >/dev/null 2>&1; then
  echo "$package"
  exit 0
fi
for tool in npm make g++; do
  command -v "$tool" >/dev/null || skip "$tool isn't installed"
done

library=${TENSORFLOW_DIR:-$(found "$python")}
if [ -z "$library" ]; then
  if [ ! -x "$folder/venv/bin/python" ]; then step venv "$python" -m venv "$folder/venv"; fi
  library=$(found "$folder/venv/bin/python")
  if [ -z "$library" ]; then
    step pip "$folder/venv/bin/python" -m pip install --retries 1 --only-binary :all: tensorflow-cpu
    library=$(found "$folder/venv/bin/python")
  fi
fi
shared=$(ls "$library"/{,lib/}libtensorflow_cc.so.2 2>/dev/null | head -n 1)
[ -n "$shared" ] || skip "no libtensorflow_cc.so.2 in '$library'"
[ -f "$library/include/tensorflow/c/eager/c_api.h" ] || skip "no TensorFlow C headers in $library/include"

[ -f "$folder/package.json" ] || echo '{ "private": true }' >"$folder/package.json"
if [ ! -d "$package" ] || [ ! -x "$folder/node_modules/.bin/node-gyp" ]; then
  step npm npm --prefix "$folder" install --ignore-scripts --no-audit --no-fund "@tensorflow/tfjs-node-gpu@$version" node-gyp
fi

mkdir -p "$package/deps/lib"
ln -sfn "$library/include" "$package/deps/include"
for name in cc framework; do
  ln -sf "$(dirname "$shared")/libtensorflow_$name.so.2" "$package/deps/lib/libtensorflow_$name.so.2"
done
ln -sf libtensorflow_cc.so.2 "$package/deps/lib/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$package/deps/lib/libtensorflow_framework.so"

# Node's own headers where they are installed beside it; node-gyp fetches them otherwise.
headers=$(dirname "$(dirname "$(node -p process.execPath)")")
nodedir=()
[ -f "$headers/include/node/node_api.h" ] && nodedir=("--nodedir=$headers")
cd "$package" || skip "$package can't be entered"
step node-gyp "$folder/node_modules/.bin/node-gyp" rebuild ${nodedir[@]+"${nodedir[@]}"} \
  --module_name=tfjs_binding --module_path="$package/lib/napi-v8" --napi_build_version=8

step load loads "$package"
echo "$package"
