#!/bin/sh
# Publishes what runs in production, each into a folder of its own below $1: api, silo, cli, sandbox. --no-build publishes what
# "dotnet build --configuration Release -p:CompileAhead=true" has built (Directory.Build.props tells what CompileAhead is).
set -eu
cd "$(dirname "$0")/.."
out=${1:?where to}
shift

publish() {
  project=$1
  shift
  dotnet publish "src/$project" --configuration Release -p:CompileAhead=true --output "$out/$(echo "$project" | tr '[:upper:]' '[:lower:]')" \
    -p:UseAppHost=false -p:RunAnalyzers=false -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false "$@"
}

publish Api "$@"
publish Cli "$@"
publish Sandbox "$@"

# The front-end has a silo inside. So the silo's assemblies are among the front-end's, and need not be compiled again.
publish Silo -p:PublishReadyToRun=false "$@"
for assembly in "$out"/silo/*.dll; do
  if [ -e "$out/api/${assembly##*/}" ]; then cp "$out/api/${assembly##*/}" "$assembly"; fi
done
