#!/bin/bash
# Fails if the tree is not as tidy as it says: prints what breaks a rule.
#
#   head      a C file's first lines name that very file and say what it is for
#   file      no .c above 800 lines, no .h above 250
#   folder    no folder above 25 C files or 6,000 lines, tests excepted
#   function  none above 70 lines
#   kernel    ik/ without ik/policy and ik/queue: at most 5,500 lines of code
#   unused    no function that others could call and nobody does, or tests alone
#   static    none that its own file alone calls
#   switch    none over an enumeration that is cast away: the compiler must
#             find what it leaves out
#   words     an event's words are for those who pack, unpack and store them
#   claim     what a document names in backquotes or links to is there
#
#   check_tidy.sh [TREE]
#
# What may break a rule stands in tools/exceptions: lines of a rule, the thing
# and the reason. An exception that nothing needs any more is an offence, too.
set -u
export LC_ALL=C
tools=$(cd "$(dirname "$0")" && pwd) || exit 2
cd "${1:-$tools/..}" || exit 2
exceptions=tools/exceptions
folders=(sim isa ik cli viz workloads ilwaco tests bench cmake)

c_files() {
    local place
    for place in "${folders[@]}"; do
        [ ! -d "$place" ] || find "$place" -name '*.[ch]'
    done | sort
}

# Each rule prints lines: the rule, the thing, and what is wrong with it.

heads() {
    c_files | xargs -r awk '
        FNR == 1 { name = FILENAME; sub(/.*\//, "", name); is_named = 0 }
        FNR <= 2 && index($0, " " name " - ") { is_named = 1 }
        FNR == 2 && !is_named { print "head " FILENAME " does not name it" }'
}

files() {
    c_files | xargs -r awk '
        function judge() {
            if (lines > most)
                print "file " name " has " lines " lines, most are " most
        }
        FNR == 1 { judge(); name = FILENAME; most = name ~ /\.h$/ ? 250 : 800 }
        { lines = FNR }
        END { judge() }'
}

rooms() {
    c_files | grep -v '^tests/' | xargs -r awk '
        { folder = FILENAME; sub(/\/[^\/]*$/, "", folder); lines[folder]++ }
        FNR == 1 { files[folder]++ }
        END {
            for (f in lines)
                if (files[f] > 25 || lines[f] > 6000)
                    print "folder " f " has " files[f] " files, " lines[f] \
                        " lines; most are 25 and 6000"
        }'
}

kernel() {
    "$tools/size.sh" "$PWD" 2>/dev/null | awk '
        $2 ~ /^ik(\/|$)/ && $2 !~ /^ik\/(policy|queue)(\/|$)/ { lines += $1 }
        END {
            if (lines > 5500)
                print "kernel ik has " lines " lines of code without policies" \
                    " and queues, most are 5500"
        }'
}

# Braces of functions, and only theirs, stand in the first column.
functions() {
    c_files | xargs -r awk '
        FNR == 1 { start = 0; name = "" }
        /^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
        /^\{$/ { start = FNR }
        /^\}$/ && start {
            if (FNR - start + 2 > 70)
                print "function " FILENAME ":" name " has " \
                    FNR - start + 2 " lines, most are 70"
            start = 0
        }'
}

# Of host and guest code; what Ilwaco offers is for guests to come. Comments
# are no uses. A function is known by its name at the start of a line.
callers() {
    find "${folders[@]}" -name '*.[ch]' -o -name '*.inc' 2>/dev/null | sort |
        xargs -r awk '
        function code(text,    at, end) {
            for (;;) {
                if (in_comment) {
                    if (!(end = index(text, "*/")))
                        return ""
                    text = substr(text, end + 2)
                    in_comment = 0
                }
                if (!(at = index(text, "/*")))
                    return text
                if (!(end = index(substr(text, at + 2), "*/"))) {
                    in_comment = 1
                    return substr(text, 1, at - 1)
                }
                text = substr(text, 1, at - 1) " " substr(text, at + end + 3)
            }
        }
        FNR == 1 {
            in_comment = 0
            before = ""
            is_test = FILENAME ~ /^tests\//
        }
        {
            line = code($0)
            name = ""
            if (line ~ /^[a-z].*\(/ &&
                before "\n" line !~ /(^|\n)([a-z_]+\(.*\) )?(static|typedef) /) {
                name = line
                sub(/\(.*/, "", name)
                sub(/.*[ *]/, "", name)
                said[name]++
                if (FILENAME ~ /\.c$/ && FILENAME !~ /^(tests|ilwaco|bench)\//)
                    home[name] = FILENAME
            }
            before = line
            while (match(line, /[A-Za-z_][A-Za-z0-9_]*/)) {
                word = substr(line, RSTART, RLENGTH)
                line = substr(line, RSTART + RLENGTH)
                if (is_test)
                    tested[word]++
                else
                    used[word]++
                if (word != name && last[word] != FILENAME) {
                    last[word] = FILENAME
                    callers[word]++
                }
            }
        }
        END {
            for (name in home)
                if (name !~ /^[a-z][a-z0-9_]*$/ || name == "main")
                    continue
                else if (used[name] <= said[name])
                    print "unused " home[name] ":" name " is called by nobody" \
                        (tested[name] ? " but tests" : "")
                else if (callers[name] == 1 && last[name] == home[name])
                    print "static " home[name] ":" name \
                        " is called by its own file alone"
        }'
}

switches() {
    c_files | xargs -r grep -nE 'switch \(\((int|unsigned|long|u?int[0-9]+_t)\)' |
        awk -F: '{ print "switch " $1 ":" $2 " is over a number" }'
}

words() {
    c_files | xargs -r grep -nE '(->|\.)word_[ab]\>' |
        grep -vE '^(sim/trace/(event\.h|legend\.c|file_code\.c)|tests/(events|sim/test_trace)\.c):' |
        awk -F: '{ print "words " $1 ":" $2 " takes an event apart by hand" }'
}

documents() {
    find . -name '*.md' ! -path './third_party/*' ! -path './build*' |
        sed 's,^\./,,' | sort
}

# is_there WORD DOCUMENT: as a path from the root, from the document's folder,
# or as the end of one. It may be a pattern.
is_there() {
    compgen -G "$1" >/dev/null || compgen -G "${2%/*}/$1" >/dev/null ||
        grep -qE "/${1//./\\.}$" <<<"$everything"
}

# A word is taken for a path of ours when it ends as our sources do, or begins
# with a folder of ours. What tools and runs make is not in the tree.
claims() {
    local everything document word
    everything=$(find . -type f ! -path './third_party/*' ! -path './build*' \
        ! -path './.git/*')
    documents | while read -r document; do
        {
            grep -oE '`[^` ]+`' "$document" | tr -d '\`'
            grep -oE '\]\([^)#:]+' "$document" | sed 's/^](//'
        } | sed 's,/$,,' | sort -u | while read -r word; do
            [[ $word =~ ^[A-Za-z0-9_./*-]+$ ]] || continue
            [[ $word =~ (NAME|PART) ]] && continue # Any such name is meant.
            [[ $word =~ \.(c|h|S|ld|sh|cmake|md)$ || $word =~ \
                ^(sim|isa|ik|cli|viz|workloads|ilwaco|tests|bench|tools|docs|cmake)/ ]] ||
                continue
            is_there "$word" "$document" ||
                echo "claim $document names $word, which is not there"
        done
    done
}

found=$(heads; files; rooms; kernel; functions; callers | sort; switches; words; claims)
[ ! -f $exceptions ] || found=$(awk '
    NR == FNR {
        if (!/^(#|$)/) {
            reason[$1 " " $2] = NF > 2
            if (NF < 3)
                print "exception " $1 " " $2 " has no reason"
        }
        next
    }
    ($1 " " $2) in reason { used[$1 " " $2] = 1; next }
    { print }
    END {
        for (e in reason)
            if (!(e in used))
                print "exception " e " is needed no more"
    }' $exceptions - <<<"$found")
[ -z "$found" ] || { echo "$found"; exit 1; }
