#!/bin/sh
# Train the network from the pre-trained encoder: reader.sh PRETRAINED DATA OUT [DEVICE]
set -eu
pretrained=$1 data=$2 out=$3 device=${4:-cpu}
run() { python "$(dirname "$0")/reader.py" "$@"; }
mkdir -p "$out"
run begin "$pretrained" "$out/begin.pt"
run learn "$out/begin.pt" "$data" "$out/silver.pt" --silver --epochs 2 --batch 16 --device "$device"
for seed in 1 2 3; do
    run learn "$out/silver.pt" "$data" "$out/$seed.pt" --annotated --seed $seed --device "$device"
done
run average "$out/network.pt" "$out/1.pt" "$out/2.pt" "$out/3.pt"
run judge "$data" "$out/network.pt" --device "$device"
run export "$pretrained" "$out/network.pt" "$out/model"
