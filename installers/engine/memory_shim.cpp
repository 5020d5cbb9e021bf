// llama_get_memory_breakdown, for those who do not speak C++: it returns a std::map by value, which
// only the library's own compiler can take. Built beside libllama by build.py; see
// engine/worker/breakdown.py for its one reader.

#include "llama-ext.h"

#ifdef _WIN32
#    define FULLBORE_API __declspec(dllexport)
#else
#    define FULLBORE_API __attribute__((visibility("default")))
#endif

extern "C" {

struct fullbore_buffers {
    void * buffer_type;
    size_t model;
    size_t context;
    size_t compute;
};

// Fills at most `room` rows, in bytes. Gives how many there are, or -1 where llama.cpp failed.
FULLBORE_API int32_t fullbore_memory(
        const struct llama_context * context,
        struct fullbore_buffers * rows,
        int32_t room) {
    try {
        int32_t count = 0;
        for (const auto & [type, bytes] : llama_get_memory_breakdown(context)) {
            if (count < room) {
                rows[count] = { type, bytes.model, bytes.context, bytes.compute };
            }
            ++count;
        }
        return count;
    } catch (...) {
        return -1;
    }
}

}
