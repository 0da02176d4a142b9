p
p top
p info
