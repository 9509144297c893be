#!/bin/bash
# The processor's tests, the native trials and the golden runs with the newest
# Unicorn instead of the one that is installed: what it does otherwise shows
# before a distribution has it. By hand, since it is not what users have:
#
#     tools/setup --newest-unicorn
#     tests/native/newest.sh [BUILD]
#
# The program is the same; the library is another.
set -u
top=$(cd "${0%/*}/../.." && pwd) || exit 2
build=$(readlink -f "${1-$top/build}") || exit 2
library=$(find "$top/third_party/unicorn" -name 'libunicorn.so*' -type f \
    2>/dev/null | head -n 1)
[ -n "$library" ] || {
    echo "There is no newest Unicorn: run tools/setup --newest-unicorn." >&2
    exit 2
}
export LD_LIBRARY_PATH=${library%/*}
echo "Unicorn $(cat "$top/third_party/unicorn/version")"
ctest --test-dir "$build" --output-on-failure \
    -R '^native\.trials|^isa\.(cpu|cuts|exact|fuzz|restart)|^e2e\.golden'
