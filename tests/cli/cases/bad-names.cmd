# Names of files cannot steer the terminal.
p top $'esc\e[31m.pb'
p top $'new\nline.pb'
p $'tpo\e'
