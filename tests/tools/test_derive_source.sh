#!/bin/bash
# derive_source on the forms in which an apt source may be written.
set -u
tools=$(cd "$(dirname "$0")/../../tools" && pwd) || exit 2
place=$(mktemp -d) || exit 2
trap 'rm -rf "$place"' EXIT
bad=0

# derive NAME ADDRESS SUITE WANTED: with the source file on standard input.
derive() {
    cat >"$place/$1"
    local got
    got=$("$tools/derive_source" "$place/$1" "$2" "$3" trixie) || got=none
    if [ "$got" != "$4" ]; then
        printf 'from:\n%s\nwanted:\n%s\ngot:\n%s\n' "$(cat "$place/$1")" "$4" \
            "$got"
        bad=1
    fi
}

derive a.list http://mirror.test/debian bookworm \
    'deb http://mirror.test/debian trixie main
deb-src http://mirror.test/debian trixie main' <<'END'
deb http://mirror.test/debian bookworm main
END

# Options, a comment, other entries, a slash at the end of the address.
derive b.list http://mirror.test/debian/ bookworm \
    'deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian trixie main
deb-src [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian trixie main' \
    <<'END'
# deb http://mirror.test/debian bookworm main
deb-src http://mirror.test/debian bookworm main
deb http://security.test/debian-security bookworm-security main
deb http://mirror.test/debian bookworm-backports main
deb	[ trusted=yes ] http://vendor.test/deb bookworm main
  deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian/ bookworm main contrib # here
END

derive c.list http://mirror.test/debian bookworm none <<'END'
deb http://mirror.test/debian bookworm-updates main
deb http://mirror.test/debian-security bookworm main
END

# Several suites in one line, a comment within, security in another stanza.
derive d.sources http://mirror.test/debian/ bookworm 'Types: deb deb-src
URIs: http://mirror.test/debian
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/k.gpg' <<'END'
# The security updates.
Types: deb
URIs: http://security.test/debian-security
Suites: bookworm-security
Components: main
Signed-By: /other.gpg

Types: deb
# URIs: http://old.test/debian
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/k.gpg
END

# Several addresses, lists over lines, names in any case, an embedded key.
derive e.sources https://b.test/debian bookworm 'Types: deb deb-src
URIs: https://b.test/debian
Suites: trixie
Components: main
Check-Valid-Until: no
signed-by:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEZ
 -----END PGP PUBLIC KEY BLOCK-----' <<'END'
Enabled: yes
types: deb deb-src
uris: https://a.test/debian/
 https://b.test/debian/
SUITES:
 bookworm
 bookworm-updates
Components: main
 contrib
Check-Valid-Until: no
signed-by:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEZ
 -----END PGP PUBLIC KEY BLOCK-----
END

derive f.sources http://mirror.test/debian bookworm none <<'END'
Types: deb
URIs: http://mirror.test/debian
Suites: bookworm-updates
Components: main
END

exit $bad
