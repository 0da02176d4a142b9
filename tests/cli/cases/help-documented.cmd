# docs/cli.md describes every option that help lists, and no other.
for command in info top tree peek list tags locks io alloc convert merge help; do "$PANALYZE" help "$command"; done | sed 's/(also/(/' |
    grep -oE '(^ +(-., )?|\( )--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u >listed
grep -oE '`[^`]*`' "$ROOT/docs/cli.md" | grep -oE -- '--[a-z-]+' | sort -u >documented
diff listed documented && echo "$(wc -l <listed) options"
