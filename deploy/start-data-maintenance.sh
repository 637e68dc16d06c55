#!/bin/sh
# Builds and starts the service with what it needs, waits until it is healthy, and says when it runs next.
# Arguments are services of docker-compose.yml; none starts all of them.
set -eu
cd "$(dirname "$0")"

say() { echo "start-data-maintenance: $*" >&2; }

if [ ! -f .env ]; then
  say "deploy/.env is missing; copy .env.example, fill it in, chmod 600"
  exit 2
fi

docker compose up -d --build "$@"

waited=0
until docker compose exec -T data_maintenance /app/data-maintenance health; do
  waited=$((waited + 5))
  if [ "$waited" -ge 180 ]; then
    say "not healthy after ${waited} s; its last lines:"
    docker compose logs --tail 40 data_maintenance >&2
    exit 1
  fi
  sleep 5
done

docker compose exec -T data_maintenance /app/data-maintenance next
