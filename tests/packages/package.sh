#!/bin/bash
# package.sh ROOT [BUILD_ROOT]: builds the package in a Debian and installs it in
# another that has nothing but the base system: `apt install ./iksim*.deb`,
# then what README.md begins with, by a user, and away again. As root.
#
# ROOT is a folder that debootstrap made, BUILD_ROOT one more of the same
# release in which tools/setup has run before (which spares the time; ROOT
# otherwise). Neither is changed: an overlay in memory's place takes what is
# written, in a mount namespace that goes with this script.
#
#     debootstrap trixie /srv/trixie && tests/packages/package.sh /srv/trixie
set -eu
[ $# -ge 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(readlink -f "$1")
build_root=$(readlink -f "${2-$1}")
tree=$(cd "${0%/*}/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/iksim-package.XXXXXX")
# Only what was made here goes, and nothing that is mounted.
trap 'rm -rf --one-file-system "$work"' EXIT

fail() { printf 'FAIL: %s\n' "$*" >&2; exit 1; }

# within NAME ROOT SCRIPT: a shell in an overlay over ROOT, which has $work/NAME
# at /shared.
within() {
    mkdir -p "$work/$1/shared" "$work/$1/upper" "$work/$1/work" "$work/$1/root"
    # shellcheck disable=SC2016  # the inner shell expands them
    unshare -m --propagation private bash -euc '
        at=$1
        mount -t overlay overlay -o \
            "lowerdir=$2,upperdir=$at/upper,workdir=$at/work" "$at/root"
        cd "$at/root"
        mount -t proc proc proc
        mount --rbind /dev dev
        mkdir -p shared
        mount --bind "$at/shared" shared
        cp /etc/resolv.conf etc/
        cp /etc/apt/apt.conf.d/99* etc/apt/apt.conf.d/ 2>/dev/null || :
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive TERM=dumb \
            http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" \
            chroot . bash -euxc "$3"' within "$work/$1" "$2" "$3" \
        >"$work/$1.log" 2>&1 ||
        fail "$1 in $2: $(tail -n 25 "$work/$1.log")"
}

mkdir -p "$work/build/shared/iksim"
git -C "$tree" archive HEAD | tar -x -C "$work/build/shared/iksim"
if [ -d "$tree/third_party/lwip" ]; then
    mkdir "$work/build/shared/iksim/third_party"
    cp -r "$tree/third_party/lwip" "$work/build/shared/iksim/third_party/"
fi
seconds=$SECONDS
within build "$build_root" 'cd /shared/iksim
    tools/setup
    command -v file || { apt-get -q update; apt-get -q -y install file; }
    cmake --preset release -DIKSIM_TESTS=OFF
    cmake --build --preset release --target package'
mkdir -p "$work/try/shared"
cp "$work"/build/shared/iksim/build/iksim*.deb "$work/try/shared/"
echo "built in $((SECONDS - seconds)) s:" "$work"/try/shared/*.deb

seconds=$SECONDS
within try "$root" 'cd /shared
    apt-get -q update
    apt-get -q -y --no-install-recommends install ./iksim*.deb
    ldd /usr/bin/iksim | grep -F "not found" && exit 1
    dpkg -s iksim | grep "^Depends"
    chmod 777 .
    user() { su -s /bin/bash nobody -c "cd /shared && $1"; }
    user "iksim --version"
    user "iksim guests"
    user "iksim run first" >report
    user "iksim run workloads/scenarios/hello.yaml --trace hello.trace"
    user "iksim explain hello.trace --limit 5"
    user "iksim sweep quick --list"
    test -s /usr/include/iksim/policy.h
    # A newcomer: their own scheduler runs, and is compared with round robin; no
    # compiler is there. (As docs/policy.md has it.)
    ! command -v cc
    SECONDS=0
    user "iksim policy new mine.lua"
    user "iksim run mix --set kernel.scheduler=./mine.lua --out mine"
    user "iksim run mix --out round-robin && iksim compare round-robin mine" \
        >compared
    grep "^p50" compared
    echo "scheduler: 3 commands, $SECONDS s" >newcomer
    # And their own server answers: what is recommended is the compiler.
    apt-get -q -y --no-install-recommends install clang-19 lld-19 binutils
    SECONDS=0
    user "iksim new guest mine-server --net"
    user "mine-server/test.sh"
    user "iksim run mine-server/mine-server.yaml" >served
    grep -i answered served
    echo "server: 3 commands, $SECONDS s" >>newcomer
    # A policy in C, by the compiler that is there now.
    ln -s clang-19 /usr/bin/cc
    user "HOME=/shared iksim policy new own.c"
    user "HOME=/shared iksim policy test own.c"
    user "HOME=/shared iksim run first --set kernel.scheduler=./own.c"
    rm /usr/bin/cc
    ls /usr/share/man/man1/iksim-run.1* || grep -r man /etc/dpkg/dpkg.cfg*
    ls /usr/share/doc/iksim/copyright
    apt-get -q -y purge iksim
    [ ! -e /usr/include/iksim ] && [ ! -e /usr/share/iksim ] && [ ! -e /usr/lib/iksim ]'
echo "installed and run in $((SECONDS - seconds)) s"
cat "$work/try/shared/newcomer"
grep '^Fingerprint' "$work/try/shared/report"
# What README.md shows is what it gives, on every release.
expected=$(sed -n 's/^    \(Fingerprint .*\)/\1/p' "$tree/README.md")
grep -qxF "$expected" "$work/try/shared/report" || fail "not $expected"
if [ "${KEEP-}" ]; then cp "$work"/try/shared/*.deb "$work"/*.log "$KEEP"; fi
