// Fullbore's way in on Windows: starts the Python beside it with its own arguments, unchanged, and
// ends with the same exit code. Built twice: fullbore-window.exe (-DWINDOW, no console) and
// fullbore.exe. The engine's children are started by Python itself, as from a virtual environment.

#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#ifdef WINDOW
#    define PYTHON L"\\python\\pythonw.exe"
#    define PART L"app"
#else
#    define PYTHON L"\\python\\python.exe"
#    define PART L"engine"
#endif
#define LONGEST 32768  // what CreateProcess takes

static int fail(const wchar_t * sentence, const wchar_t * about) {
    static wchar_t told[LONGEST + 512];
    _snwprintf(told, LONGEST + 511, L"%ls\n%ls\n(error %lu)\n", sentence, about, GetLastError());
#ifdef WINDOW
    MessageBoxW(NULL, told, L"Fullbore", MB_ICONERROR | MB_SETFOREGROUND);
#else
    fputws(told, stderr);
#endif
    return 1;
}

// Where the arguments begin in the command line: behind the program's name, quoted or not. They
// are handed on as they stand, so nothing is lost by taking them apart and quoting them again.
static const wchar_t * arguments(void) {
    const wchar_t * at = GetCommandLineW();
    BOOL quoted = FALSE;
    for (; *at && (quoted || (*at != L' ' && *at != L'\t')); ++at) {
        quoted ^= *at == L'"';
    }
    while (*at == L' ' || *at == L'\t') {
        ++at;
    }
    return at;
}

#ifndef WINDOW
// Ctrl+C reaches both processes; Python decides what it means.
static BOOL WINAPI leave_to_python(DWORD event) {
    return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}
#endif

// A pipe, a file or a console that was given is Python's too.
static HANDLE passed(DWORD which) {
    HANDLE given = GetStdHandle(which);
    if (given == INVALID_HANDLE_VALUE || given == NULL || GetFileType(given) == FILE_TYPE_UNKNOWN) {
        return NULL;
    }
    SetHandleInformation(given, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    return given;
}

#ifdef WINDOW
// Started by a click there is none, and Python has no sys.stderr then. What it says before it has a
// log of its own goes where somebody may look for it.
static HANDLE early_log(void) {
    wchar_t path[MAX_PATH + 32];
    DWORD length = GetTempPathW(MAX_PATH, path);
    if (length == 0 || length > MAX_PATH) {
        return NULL;
    }
    wcscat(path, L"fullbore-window.log");
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE file = CreateFileW(path, FILE_APPEND_DATA, shared, &inherited, CREATE_ALWAYS, 0, NULL);
    return file == INVALID_HANDLE_VALUE ? NULL : file;
}
#endif

static int start(void) {
    static wchar_t python[LONGEST], command[LONGEST];
    DWORD length = GetModuleFileNameW(NULL, python, LONGEST - 64);
    wchar_t * cut = wcsrchr(python, L'\\');
    if (length == 0 || length >= LONGEST - 64 || cut == NULL) {
        return fail(L"Fullbore does not find its own folder.", python);
    }
    wcscpy(cut, PYTHON);

    // UTF-8 is what Python shall write into pipes, whatever the system's code page.
    const wchar_t * form = L"\"%ls\" -X utf8 -m " PART L" %ls";
    int written = _snwprintf(command, LONGEST, form, python, arguments());
    if (written < 0 || written >= LONGEST) {
        return fail(L"The command line is too long.", python);
    }

    STARTUPINFOW how = { .cb = sizeof how, .dwFlags = STARTF_USESTDHANDLES };
    how.hStdInput = passed(STD_INPUT_HANDLE);
    how.hStdOutput = passed(STD_OUTPUT_HANDLE);
    how.hStdError = passed(STD_ERROR_HANDLE);
#ifdef WINDOW
    if (how.hStdError == NULL) {
        how.hStdError = early_log();
    }
    if (how.hStdOutput == NULL) {
        how.hStdOutput = how.hStdError;
    }
#endif
    // A second start hands its file to the window that is open, which then may come to the front.
    AllowSetForegroundWindow(ASFW_ANY);
#ifndef WINDOW
    SetConsoleCtrlHandler(leave_to_python, TRUE);
#endif
    PROCESS_INFORMATION child;
    if (!CreateProcessW(python, command, NULL, NULL, TRUE, 0, NULL, NULL, &how, &child)) {
        return fail(L"Fullbore is not complete; installing it again repairs it. Missing:", python);
    }
    CloseHandle(child.hThread);
#ifdef WINDOW
    // The busy pointer stays until the window is there, then goes.
    MSG message;
    WaitForInputIdle(child.hProcess, 30000);
    PostThreadMessageW(GetCurrentThreadId(), WM_NULL, 0, 0);
    GetMessageW(&message, NULL, 0, 0);
#endif
    WaitForSingleObject(child.hProcess, INFINITE);
    DWORD result = 1;
    GetExitCodeProcess(child.hProcess, &result);
    CloseHandle(child.hProcess);
    return (int) result;
}

#ifdef WINDOW
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, LPWSTR words, int show) {
    (void) instance, (void) before, (void) words, (void) show;
    return start();
}
#else
int wmain(void) {
    return start();
}
#endif
