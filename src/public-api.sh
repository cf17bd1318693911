#!/usr/bin/env bash
# Writes PublicAPI.Unshipped.txt of each package anew. Run it after a change of a public member, and read the difference: a removed or
# changed line breaks the services that use it.
set -euo pipefail
cd "$(dirname "$0")"

packages=(Abstractions Client Delivery Grains Postgres Silo Sqlite)
for package in "${packages[@]}"; do
  echo '#nullable enable' > "$package/PublicAPI.Unshipped.txt"
done

# The analyzer reports every public member that no file declares.
log=$(mktemp)
for package in Silo Client; do
  dotnet build "$package" -v q -p:TreatWarningsAsErrors=false -p:CodeAnalysisTreatWarningsAsErrors=false >> "$log" || { cat "$log"; exit 1; }
done
for package in "${packages[@]}"; do
  sed -nE "s/.*: (warning|error) RS0016: Symbol '(.*)' is not part of the declared public API.*\/CioOrleans\.$package\.csproj\]$/\2/p" "$log" |
    LC_ALL=C sort -u >> "$package/PublicAPI.Unshipped.txt"
done
rm "$log"
wc -l ./*/PublicAPI.Unshipped.txt
