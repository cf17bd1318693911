#!/bin/sh
# Publishes what runs in production, each into a folder of its own below $1: api, silo, cli, sandbox.
# For this machine's runtime identifier, so that one native SQLite library goes along instead of one for every platform, and
# compiled for it: a process is ready with a third less of processor time.
set -eu
cd "$(dirname "$0")/.."
out=${1:?where to}

for project in Api Silo Cli Sandbox; do
  folder=$(echo "$project" | tr '[:upper:]' '[:lower:]')
  dotnet publish "src/$project" --configuration Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true \
    --output "$out/$folder" -p:UseAppHost=false -p:RunAnalyzers=false -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false
done
