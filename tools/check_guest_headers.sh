#!/bin/sh
# Fails if a guest object would not be compiled anew when a header changes that
# lwIP includes: such headers are the system's to the compiler, but they are
# part of the guest. Usage: check_guest_headers.sh BUILD
set -eu
[ $# -eq 1 ] || { echo "usage: $0 BUILD" >&2; exit 2; }
list=$(find "$1" -path '*/objects/*' -name '*.c.o.d' \
    -exec grep -l 'lwip/src/' {} +)
[ -n "$list" ] || { echo "no guest object in $1 is made of lwIP"; exit 1; }
bad=0
for file in $list; do
    for header in ilwaco/net/lwipopts.h lwip/src/include/lwip/opt.h; do
        grep -q "/$header" "$file" ||
            { echo "$file does not name $header"; bad=1; }
    done
done
exit $bad
