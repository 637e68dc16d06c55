#!/bin/sh
# One self-contained file, for a machine without .NET: deploy/publish.sh [linux-x64|linux-arm64] [FOLDER]
# What follows the folder is passed on to dotnet publish.
set -eu
cd "$(dirname "$0")/.."

runtime=${1:-linux-x64}
folder=${2:-artifacts/publish/$runtime}
if [ $# -ge 2 ]; then shift 2; else shift $#; fi

case $runtime in
  linux-x64 | linux-arm64) ;;
  *)
    echo "publish: expected linux-x64 or linux-arm64, got '$runtime'" >&2
    exit 2
    ;;
esac

# The pages' files and the native libraries of DuckDB are inside; at its first start the file unpacks itself
# into $DOTNET_BUNDLE_EXTRACT_BASE_DIR, or else into ~/.net.
dotnet publish src/DataMaintenance -c Release -r "$runtime" --self-contained --artifacts-path "artifacts/single/$runtime" -o "$folder" --nologo -v quiet \
  -p:PublishSingleFile=true -p:IncludeAllContentForSelfExtract=true -p:EnableCompressionInSingleFile=true -p:PublishReadyToRunComposite=false -p:DebugType=none -p:GenerateDocumentationFile=false "$@"
ls -l "$folder"
