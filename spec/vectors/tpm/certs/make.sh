#!/bin/bash
# Makes the own-*.der of this folder: one root, and a leaf for each thing that must be judged on its own.
set -euo pipefail
out=$(readlink -f "$(dirname "$0")")
cd "$(mktemp -d)"
from=(-not_before 20250101000000Z -not_after 20600101000000Z)
key() { openssl genpkey -quiet -out "$1" "${@:2}"; }
leaf() {
	openssl req -x509 -new -key "$1.key" -CA root.pem -CAkey root.key -subj "/CN=$1" "${from[@]}" \
		-addext basicConstraints=critical,CA:FALSE "${@:2}" -outform DER -out "$out/own-$1.der"
}
p256=(-algorithm EC -pkeyopt ec_paramgen_curve:P-256)
key root.key "${p256[@]}"
openssl req -x509 -new -key root.key -subj "/CN=own root" "${from[@]}" -out root.pem
openssl x509 -in root.pem -outform DER -out "$out/own-root.der"
for name in tcg-critical near-critical sha1; do
	key $name.key "${p256[@]}"
done
key rsa-e3.key -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3
key rsa-1024.key -algorithm RSA -pkeyopt rsa_keygen_bits:1024
key p521.key -algorithm EC -pkeyopt ec_paramgen_curve:P-521
leaf tcg-critical -addext 2.23.133.99.1=critical,DER:0500
leaf near-critical -addext 2.23.1330.99.1=critical,DER:0500
leaf sha1 -sha1
leaf rsa-e3
leaf rsa-1024
leaf p521
