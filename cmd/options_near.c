/* options_near: which known name a misspelt one was meant to be.
 * In: a name and candidates, one after the other.  Out: the nearest candidate, if it is near enough to be offered.
 * Distance counts insertions, deletions, changes and swaps of neighbours; allocates nothing. */
#include "cmd/options.h"

#include <string.h>

#define MAX_NAME 40

static char plain(char c)
{
    if (c == '_')
        return '-';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool pa_same_name(pa_str a, pa_str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if ((a.p[i] == '_' ? '-' : a.p[i]) != (b.p[i] == '_' ? '-' : b.p[i]))
            return false;
    return true;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Optimal string alignment, row by row; the two rows before the current one are all it needs. */
static size_t distance_between(pa_str a, pa_str b)
{
    size_t rows[3][MAX_NAME + 1];
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = plain(a.p[i - 1]), y = plain(b.p[j - 1]);
            now[j] = least(least(above[j] + 1, now[j - 1] + 1), above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == plain(b.p[j - 2]) && y == plain(a.p[i - 2]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

pa_nearest pa_nearest_to(pa_str name)
{
    /* one slip in three letters, and always one */
    size_t slips = name.n / 3 ? name.n / 3 : 1;
    return (pa_nearest){name, {NULL, 0}, slips + 1};
}

void pa_nearest_offer(pa_nearest *nearest, pa_str candidate)
{
    pa_str name = nearest->name;
    if (name.n > MAX_NAME || candidate.n > MAX_NAME)
        return;
    size_t distance = distance_between(name, candidate);
    if (name.n >= 3 && candidate.n > name.n && memcmp(name.p, candidate.p, name.n) == 0)
        distance = 1; /* its beginning: --relative */
    if (distance >= nearest->distance)
        return;
    nearest->distance = distance;
    nearest->best = candidate;
}
