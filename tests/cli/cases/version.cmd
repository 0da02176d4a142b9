p --version
p -V
p top --version
