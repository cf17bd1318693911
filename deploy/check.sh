#!/usr/bin/env bash
# Starts what deploy/publish.sh put below $1, from its own folders: the sandbox, and a front-end with a silo inside that delivers
# one call to it.
set -euo pipefail
out=$(cd "${1:?where is it}" && pwd)
# Below the ports that tests use.
port=$((10000 + RANDOM % 1990))
front=http://127.0.0.1:$port
sandbox=http://127.0.0.1:$((port + 1))

cd "$out/sandbox"
Sandbox__Url=$sandbox dotnet CioOrleans.Sandbox.dll & sandbox_pid=$!
cd "$out/api"
Urls=$front Dispatcher__Admin__Url=http://127.0.0.1:$((port + 2)) Dispatcher__Storage__ConnectionString="Data Source=$out/check.db" \
  Dispatcher__Workspaces__check__SiteId=site Dispatcher__Workspaces__check__ApiKey=key Dispatcher__Workspaces__check__TrackUrl=$sandbox \
  dotnet CioOrleans.Api.dll & front_pid=$!
trap 'kill -9 $sandbox_pid $front_pid 2> /dev/null || true' EXIT

# Asks until the answer holds what is waited for, a minute long.
await() {
  for _ in $(seq 120); do
    if curl -s "$1" | grep -q "$2"; then return; fi
    sleep 0.5
  done
  echo "$1 never answered $2" >&2
  exit 1
}

await "$front/health/ready" '"isReady":true'
curl -sf -u site:key -X PUT -H 'Content-Type: application/json' -d '{"plan":"pro"}' "$front/api/v1/customers/42" > /dev/null
await "$sandbox/sandbox/customers" '42'
await "http://127.0.0.1:$((port + 2))/console/w/check" 'Delivered a second'
await "http://127.0.0.1:$((port + 2))/console/assets/blazor.web.js" 'Blazor'

kill -TERM $front_pid
wait $front_pid
echo "The published processes start, deliver, show it in the console and stop."
