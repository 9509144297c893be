#!/bin/bash
# arm64.sh ROOT: builds iksim in an arm64 Debian, emulated, and runs two bundled
# scenarios there: guests and fingerprints are to be those of amd64. As root;
# it takes an hour or more. Opt-in: no test of ./check.
#
# ROOT is a folder that debootstrap made. It is not changed but for the packages
# that tools/setup installs (so that a second call is short); the tree is copied to
# ROOT/root/iksim. The kernel must run arm64 programs: Debian's qemu-user-static
# on a kernel with binfmt_misc.
#
#     apt-get install qemu-user-static debootstrap
#     debootstrap --arch arm64 --variant=minbase trixie /srv/arm64
#     tests/arm64/arm64.sh /srv/arm64
set -eu
[ $# -eq 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(readlink -f "$1")
tree=$(cd "${0%/*}/../.." && pwd)
iksim=${IKSIM:-$tree/build/iksim} # Of this machine, to compare with.
fail() { printf 'FAIL: %s\n' "$*" >&2; exit 1; }

# within SCRIPT: in ROOT, in a mount namespace of its own, so that nothing stays
# mounted.
within() {
    # shellcheck disable=SC2016  # the inner shell expands them
    unshare -m --propagation private bash -euc '
        cd "$1"
        mount -t proc proc proc
        mount --rbind /dev dev
        cp /etc/resolv.conf etc/
        cp /etc/apt/apt.conf.d/99* etc/apt/apt.conf.d/ 2>/dev/null || :
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive TERM=dumb \
            http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" \
            chroot . bash -euc "$2"' within "$root" "$1"
}

[ "$(within 'dpkg --print-architecture')" = arm64 ] ||
    fail "$root is no arm64 Debian, or this kernel does not run its programs"
mkdir -p "$root/root/iksim/third_party"
git -C "$tree" archive HEAD | tar -x -C "$root/root/iksim"
[ ! -d "$tree/third_party/lwip" ] ||
    cp -r "$tree/third_party/lwip" "$root/root/iksim/third_party/"
SECONDS=0
within 'cd /root/iksim && tools/setup'
echo "packages after $SECONDS s"
within 'cd /root/iksim && cmake --preset release -DIKSIM_TESTS=OFF \
    -DIKSIM_GUEST_CC=/usr/bin/clang-19 && cmake --build --preset release'
echo "built after $SECONDS s"

# The emulator has no seccomp, and the program says so on stderr.
within 'cd /root/iksim && build/iksim guests --hashes' >"$root/root/hashes"
"$iksim" guests --hashes | diff - "$root/root/hashes" ||
    fail "the guests of arm64 have other bytes"
for name in hello first; do
    here=$("$iksim" run "$name" --json | jq -r .fingerprint)
    there=$(within "cd /root/iksim && build/iksim run $name --json --no-sandbox" |
        jq -r .fingerprint)
    echo "$name: $there on arm64, $here here; after $SECONDS s"
    [ "$here" = "$there" ] || fail "$name has another fingerprint"
done
