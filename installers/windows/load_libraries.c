// Loads llama.cpp's libraries of an assembled folder where there is no Python for Windows, and its
// plugins by a path in UTF-8, as Fullbore gives it. Prints what it found, a line each; ends with 1
// if something was not loaded or llama.cpp then has nothing to compute with.
//
//   load_libraries.exe LIB     (the folder's lib, with llama_cpp in it)
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define LONGEST 4096

static HMODULE loaded(const wchar_t * lib, const wchar_t * name) {
    wchar_t path[LONGEST];
    _snwprintf(path, LONGEST, L"%ls\\llama_cpp\\lib\\%ls", lib, name);
    HMODULE found = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (found) {
        printf("%ls\n", name);
    } else {
        printf("%ls was not loaded: error %lu\n", name, GetLastError());
    }
    return found;
}

int wmain(int count, wchar_t ** words) {
    if (count != 2) {
        return 2;
    }
    HMODULE ggml = loaded(words[1], L"ggml.dll");
    if (!loaded(words[1], L"llama.dll") || !loaded(words[1], L"mtmd.dll") || !ggml) {
        return 1;
    }
    wchar_t wide[LONGEST];
    char folder[3 * LONGEST];
    _snwprintf(wide, LONGEST, L"%ls\\llama_cpp\\lib", words[1]);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, folder, sizeof folder, NULL, NULL);
    void * load = (void *) GetProcAddress(ggml, "ggml_backend_load_all_from_path");
    void * devices = (void *) GetProcAddress(ggml, "ggml_backend_dev_count");
    if (!load || !devices) {
        return 1;
    }
    ((void (*)(const char *)) load)(folder);
    size_t found = ((size_t (*)(void)) devices)();
    printf("devices: %u\n", (unsigned) found);
    return found == 0;
}
