/* hex: the assembler of .hex fixtures, binary files a reviewer can read.
 *
 *   0a 08ff        bytes              "cpu\x00"      text (\\ \" \n \xNN)       # to the end of the line
 *   { ... }        the length of what stands inside as a varint, then what stands inside
 *   =300 =-1       a number as a varint (negative: 64 bits, 10 bytes)
 *   times 65 (...) the same again and again; =+ inside counts up from 1
 *   gzip (...)     a gzip member of stored blocks       drop 8   without the last 8 bytes */
#ifndef PA_TESTS_HEX_H
#define PA_TESTS_HEX_H

#include "tests/support/bytes.h"

/* Append what text says to to.  false: error holds line and reason. */
bool hex_assemble(bytes *to, const char *text, size_t n, char *error, size_t error_size);

#endif
