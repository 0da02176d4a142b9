p top missing.pb
p info missing.pb
p top missing.pb also-missing.pb
