# needs: zsh
"$PANALYZE" help --completion zsh >panalyze.zsh
zsh -n panalyze.zsh && echo parsed
cat >try.zsh <<'END'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'autoload -U compinit; compinit -u -D; PS1="> "; stty cols 100; source ./panalyze.zsh; echo REA""DY'
zpty -r -m z out '*READY*'
for keys in $'panalyze top --nam\t' $'st\t' $' -n 5 --form\t' $'j\t'; do zpty -w -n z $keys; sleep 0.5; done
zpty -w -n z $'\C-aprint -r -- \C-e > typed\nprint EN""D\n'
zpty -r -m z out '*END*'
END
timeout 30 zsh try.zsh && cat typed
