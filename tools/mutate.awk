# mutate.awk - where a small fault could be put into C sources.
#
#   awk -v seed=S -f tools/mutate.awk pass=1 FILE.[ch]... pass=2 FILE.c...
#
# The first pass learns which members the structures have, the second prints a
# line for each place: its rank in the draw, the top folder, the kind, the
# file, line, column, how many characters go, and what comes instead. A rank
# depends on the seed, the file, the text of the line and how often that text
# stood before, not on the line's number: it outlives a change elsewhere.
#
#   comparison   < and <=, > and >=, == and !=, each for the other
#   constant     a number is one more, or doubled
#   statement    an assignment, or a call whose value nobody uses, is not made
#   field        another member of the same structure and type
#   unit         a conversion is left out: ns for cycles, bytes for pages
#
# Assertions, preprocessor lines and the sizes of arrays are left as they are,
# and so are the calls of free: a leak is for the sanitizers to find.
BEGIN {
    FS = "\n"
    for (i = 1; i < 256; i++)
        code_of[sprintf("%c", i)] = i
    swap["<"] = "<="; swap["<="] = "<"
    swap[">"] = ">="; swap[">="] = ">"
    swap["=="] = "!="; swap["!="] = "=="
    other_words = "^(if|for|while|switch|return|sizeof|do|else|goto|break|" \
        "continue|case|default|free|json_decref)$"
}

function hash(text,    i, h, n) {
    h = 7
    n = length(text)
    for (i = 1; i <= n; i++)
        h = (h * 131071 + code_of[substr(text, i, 1)]) % 2147483647
    for (i = 0; i < 3; i++)
        h = (h * 48271 + 12345) % 2147483647
    return h
}

# The line with spaces for what is comment or text, as long as it was.
function masked(line,    out, i, n, c, next_two, quote) {
    out = ""
    n = length(line)
    quote = ""
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        next_two = substr(line, i, 2)
        if (in_comment) {
            if (next_two == "*/") {
                in_comment = 0
                out = out " "
                i++
            }
            c = " "
        } else if (quote != "") {
            if (c == "\\") {
                out = out " "
                i++
            } else if (c == quote) {
                quote = ""
            }
            c = " "
        } else if (next_two == "/*") {
            in_comment = 1
            out = out " "
            i++
            c = " "
        } else if (next_two == "//") {
            return out
        } else if (c == "\"" || c == "'") {
            quote = c
            c = "\001"
        }
        out = out c
    }
    return out
}

function site(kind, column, gone, text,    key) {
    key = seed ":" FILENAME ":" $0 ":" seen[FILENAME, $0] ":" column ":" kind
    printf "%010d\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", hash(key), top, kind,
        FILENAME, FNR, column, gone, text
}

function comparisons(code,    at, from, sign) {
    from = 1
    while (match(substr(code, from), / (<|<=|>|>=|==|!=) /)) {
        at = from + RSTART
        sign = substr(code, at, RLENGTH - 2)
        site("comparison", at, RLENGTH - 2, swap[sign])
        from = at + RLENGTH - 2
    }
    if (match(code, / (<|<=|>|>=|==|!=)$/)) {
        sign = substr(code, RSTART + 1)
        site("comparison", RSTART + 1, RLENGTH - 1, swap[sign])
    }
}

function constants(code,    from, at, length_, before, after, number) {
    # What is declared with a size only has more room with another.
    if (code ~ /^ *[A-Za-z_][A-Za-z0-9_ ]* \**[a-z_][a-z0-9_]*\[/ &&
            code !~ /^ *(return|else) /)
        return
    from = 1
    while (match(substr(code, from),
            /(0x[0-9a-fA-F]+|[0-9]+\.[0-9]+|[0-9]+)[uUlLfF]*/)) {
        at = from + RSTART - 1
        length_ = RLENGTH
        from = at + length_
        before = at > 1 ? substr(code, at - 1, 1) : " "
        after = substr(code, from, 1)
        if (before ~ /[A-Za-z0-9_.]/ || after ~ /[A-Za-z0-9_.]/)
            continue
        number = substr(code, at, length_)
        if (number ~ /^0[uUlL]*$/)
            site("constant", at, length_, "1")
        else if (hash(seed ":" $0 ":" at) % 2)
            site("constant", at, length_, "(" number " + 1)")
        else
            site("constant", at, length_, "(2 * " number ")")
    }
}

# Where the bracket at `from` closes in the text; 0: not there.
function closing(text, from,    depth, i, n, c) {
    n = length(text)
    for (i = from; i <= n; i++) {
        c = substr(text, i, 1)
        if (c == "(")
            depth++
        else if (c == ")" && --depth == 0)
            return i
    }
    return 0
}

# A statement may go on for some lines: what begins it is kept until its end.
function statements(code,    text, word) {
    if (pending == "" && last ~ /[;{}:]/ && code ~ /^    +\**[a-z_]/) {
        pending = code
        pending_line = FNR
        pending_text = $0
        pending_seen = seen[FILENAME, $0]
    } else if (pending != "") {
        pending = pending " " code
    }
    if (pending == "" || code !~ /[;{}] *$/)
        return
    text = pending
    pending = ""
    sub(/^ */, "", text)
    sub(/ *$/, "", text)
    if (text !~ /;$/ || text ~ /[{}]/)
        return
    if (text ~ /^(\+\+|--)/ || text ~ /(\+\+|--);$/ ||
            text ~ /^\**[a-z_][A-Za-z0-9_]*((->|\.)[A-Za-z0-9_]+|\[[^]]*\])* ([-+*\/%&|^]|<<|>>)?= /) {
        drop()
    } else if (match(text, /^[a-z_][a-z0-9_]*\(/)) {
        word = substr(text, 1, RLENGTH - 1)
        if (word !~ other_words && closing(text, RLENGTH) == length(text) - 1)
            drop()
    }
}

function drop(    key) {
    match(pending_text, /^ */)
    key = seed ":" FILENAME ":" pending_text ":" pending_seen ":statement"
    printf "%010d\t%s\tstatement\t%s\t%d\t%d\t0\tif (0) \n", hash(key), top,
        FILENAME, pending_line, RLENGTH + 1
}

function learn(code,    text, name, type) {
    if (match(code, /^(static )?(const )?struct [a-z_0-9]+ \{$/)) {
        struct_name = FILENAME ":" code
        structs[FILENAME] = structs[FILENAME] struct_name "\n"
    } else if (code ~ /^}/) {
        struct_name = ""
    } else if (struct_name != "" && code ~ /^    [A-Za-z][^(){},]*; *$/) {
        text = code
        sub(/^ */, "", text)
        sub(/; *$/, "", text)
        type = text
        sub(/\[.*/, "", text)
        if (!match(text, /[A-Za-z_0-9]+$/))
            return
        name = substr(text, RSTART)
        type = substr(text, 1, RSTART - 1) substr(type, length(text) + 1)
        type_of[struct_name, name] = type
        members[struct_name, type] = members[struct_name, type] name " "
    }
}

# The other members that could stand for `name`, in the structures of the file
# and of the headers that it includes.
function siblings(name,    files, n, list, count, i, j, k, parts, found, kin) {
    found = ""
    n = split(FILENAME "\n" includes, files, "\n")
    for (i = 1; i <= n; i++) {
        count = split(structs[files[i]], list, "\n")
        for (j = 1; j < count; j++) {
            if (!((list[j], name) in type_of))
                continue
            kin = split(members[list[j], type_of[list[j], name]], parts, " ")
            for (k = 1; k <= kin; k++)
                if (parts[k] != name && parts[k] != "")
                    found = found parts[k] " "
        }
    }
    return found
}

function fields(code,    from, at, name, kin, list, after) {
    from = 1
    while (match(substr(code, from), /[A-Za-z0-9_\])](->|\.)[a-z_][a-z0-9_]*/)) {
        at = from + RSTART - 1
        name = substr(code, at, RLENGTH)
        from = at + RLENGTH
        at += name ~ /^.->/ ? 3 : 2
        sub(/^.(->|\.)/, "", name)
        after = substr(code, from, 1)
        if (after == "(" || substr(code, at - 2, 1) ~ /[0-9]/ && name ~ /^[ef]$/)
            continue
        kin = split(siblings(name), list, " ")
        if (kin > 0)
            site("field", at, length(name),
                list[1 + hash(seed ":" $0 ":" at) % kin])
        from--
    }
}

function units(code,    from, at, end, text, i, depth, c) {
    from = 1
    while (match(substr(code, from), /[*\/] [A-Z_]*(PAGE_BYTES|_PER_[A-Z]+)/)) {
        at = from + RSTART + 1
        site("unit", at, RLENGTH - 2, "1")
        from = at + RLENGTH - 2
    }
    from = 1
    while (match(substr(code, from),
            /(cycles_from_ns|ns_from_cycles|us_of_cycles)\(/)) {
        at = from + RSTART - 1
        from = at + RLENGTH
        end = closing(code, from - 1)
        if (!end || at < 5)
            continue
        depth = 0
        for (i = from; i < end; i++) {
            c = substr(code, i, 1)
            depth += (c == "(") - (c == ")")
            if (c == "," && depth == 0)
                break
        }
        text = substr($0, from, i - from)
        if (text !~ /^(const )?(u?int64_t|double) /)
            site("unit", at, end - at + 1, "(" text ")")
    }
}

FNR == 1 {
    in_comment = in_directive = in_assertion = 0
    pending = last = includes = struct_name = ""
    top = FILENAME
    sub(/\/.*/, "", top)
}

/^#include "/ {
    text = $0
    sub(/^#include "/, "", text)
    sub(/".*/, "", text)
    includes = includes text "\n"
}

{
    code = masked($0)
    is_directive = in_directive || code ~ /^ *#/
    in_directive = is_directive && code ~ /\\$/
    if (is_directive || code ~ /^ *$/)
        next
}

pass == 1 {
    learn(code)
    next
}

{
    seen[FILENAME, $0]++
    if (code ~ /(SIM_ASSERT|_Static_assert|static_assert)\(/)
        in_assertion = 1
    if (!in_assertion) {
        comparisons(code)
        constants(code)
        fields(code)
        units(code)
        statements(code)
    }
    if (code ~ /; *$/)
        in_assertion = 0
    sub(/ *$/, "", code)
    last = substr(code, length(code))
}
