#!/bin/sh
# Prints how many lines of code each folder has, tests aside: lines of C that
# are neither blank nor comment. With an argument, of that tree.
set -u
export LC_ALL=C
cd "${1:-$(dirname "$0")/..}" || exit 2

find sim isa ik ilwaco workloads viz cli bench -name '*.[ch]' | sort | xargs awk '
    FNR == 1 {
        in_comment = 0
        folder = FILENAME
        sub(/\/[^\/]*$/, "", folder)
    }
    {
        line = $0
        code = ""
        while (line != "") {
            if (in_comment) {
                at = index(line, "*/")
                in_comment = !at
                line = at ? substr(line, at + 2) : ""
            } else {
                at = index(line, "/*")
                in_comment = at > 0
                code = code (at ? substr(line, 1, at - 1) : line)
                line = at ? substr(line, at + 2) : ""
            }
        }
        lines[folder] += code ~ /[^[:blank:]]/
    }
    END {
        for (f in lines) {
            print lines[f], f
            all += lines[f]
        }
        print all, "all"
    }' | sort -k2
