# options and dialects of collapsed stacks, and where in a file an error stands
d=$DATA/collapsed
p info "$d/good-austin3-memory.txt"
p top --two-columns "$d/good-diff.two.txt"
p top --two-columns --metric before "$d/good-diff.two.txt"
p top --input-unit us "$d/good-offcpu.us.txt"
p top "$d/good-utf16le.txt"
p top "$d/odd-few-bad.txt"
p top --strict "$d/odd-few-bad.txt"
p top "$d/bad-too-large.txt"
p top --from collapsed "$d/bad-mostly-bad.txt"
p top "$d/bad-svg.txt"
printf 'a;b 1\nb;c 99999999999999999999\n' | p top -
