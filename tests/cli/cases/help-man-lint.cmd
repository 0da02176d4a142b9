# needs: groff
# roff has nothing to say about the page; nor has mandoc, where it is installed.
"$PANALYZE" help --man >panalyze.1
groff -man -Tutf8 -ww panalyze.1 >/dev/null
if command -v mandoc >/dev/null; then mandoc -T lint -W all panalyze.1; fi
