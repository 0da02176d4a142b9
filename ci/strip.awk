# C source in, "file:line:code" out: comments gone, strings and character constants emptied, lines kept.
# Preprocessor lines keep their strings (an include is one).
FNR == 1 { in_comment = 0 }
{
    line = $0; out = ""
    directive = !in_comment && line ~ /^[ \t]*#/
    while (line != "") {
        if (in_comment) {
            if (!(end = index(line, "*/"))) break
            line = substr(line, end + 2); in_comment = 0; out = out " "
        } else if (match(line, /["'\/]/)) {
            out = out substr(line, 1, RSTART - 1); line = substr(line, RSTART)
            if (substr(line, 1, 2) == "//") break
            if (substr(line, 1, 2) == "/*") { in_comment = 1; line = substr(line, 3); continue }
            if (match(line, /^"([^"\\]|\\.)*"/) || match(line, /^'([^'\\]|\\.)*'/)) {
                quote = substr(line, 1, 1)
                out = out (directive ? substr(line, 1, RLENGTH) : quote quote)
                line = substr(line, RLENGTH + 1)
            } else { out = out substr(line, 1, 1); line = substr(line, 2) }
        } else { out = out line; break }
    }
    if (out ~ /[^ \t]/) print FILENAME ":" FNR ":" out
}
