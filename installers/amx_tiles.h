// Included before all of llama.cpp's C++ on Linux, for GCC before 11.5, 12.4, 13.3 and 14.
//
// Their _tile_loadconfig tells the optimizer of the first 8 of the 64 bytes it reads
// (https://gcc.gnu.org/PR114098). So the sizes of the tiles are never written, and the first
// multiplication on a processor with AMX (Xeons since Sapphire Rapids) ends the process.
#if defined(__AMX_TILE__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>
#define _tile_loadconfig(config) \
    __asm__ volatile("ldtilecfg\t%X0" : : "m"(*reinterpret_cast<const char (*)[64]>(config)))
#endif
