// Stands in for python.exe where the installer and the launcher are tried without Windows: writes
// down its arguments, one a line in UTF-8, prints a word, waits while a file is there, and ends with
// the status it is told.
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

int wmain(int count, wchar_t ** words) {
    wchar_t says[4096], waits[4096], ends[16] = L"0";
    if (GetEnvironmentVariableW(L"STAND_IN_SAYS", says, 4096)) {
        FILE * file = _wfopen(says, L"wb");
        for (int i = 1; file && i < count; ++i) {
            char line[8192];
            WideCharToMultiByte(CP_UTF8, 0, words[i], -1, line, sizeof line, NULL, NULL);
            fprintf(file, "%s\n", line);
        }
        if (file) {
            fclose(file);
        }
    }
    printf("stand-in\n");
    fflush(stdout);
    if (GetEnvironmentVariableW(L"STAND_IN_WAITS", waits, 4096)) {
        while (GetFileAttributesW(waits) != INVALID_FILE_ATTRIBUTES) {
            Sleep(100);
        }
    }
    GetEnvironmentVariableW(L"STAND_IN_ENDS", ends, 16);
    return _wtoi(ends);
}
