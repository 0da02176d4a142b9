# The script is loaded and asked, as bash does when Tab is pressed.
"$PANALYZE" help --completion bash >panalyze.bash
source ./panalyze.bash
touch one.pb two.pb
try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=(); _panalyze; echo "$* => ${COMPREPLY[*]}"; }
try panalyze t
try panalyze ''
try panalyze top --na
try panalyze top --names ''
try panalyze top --names = r
try panalyze top --format =
try panalyze top --from ''
try panalyze top -o on
try panalyze top o
try panalyze info --fo
try panalyze info --cu
try panalyze --max
try panalyze help t
try panalyze help --completion ''
try panalyze top --focus x
complete -p panalyze
