; Fullbore's installer for one person: no administrator, nothing outside that person's profile.
;
; Built by `python -m installers.windows.setup`, which gives VERSION, VERSION_NUMBERS, PAYLOAD, OUT
; and ICON, and for tests QUICK.
; Arguments: /S asks nothing · /D=FOLDER (last, unquoted) · the uninstaller: /S keeps chats and
; models, /DELETE-CHATS-AND-MODELS does not.
; Ends with 0; 1 where a person cancelled; 2 where it could not be done; 3 where Fullbore still runs.

Unicode true
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh
!include nsDialogs.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define APP "io.github.fullbore.Fullbore" ; DESKTOP_FILE of app/main.py
!define CLASS "Fullbore.gguf"
!define CLASSES "Software\Classes"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Fullbore"
!define PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define OWN "$LOCALAPPDATA\fullbore" ; chats, settings and, unless moved, models: engine/config.py
!define PATIENCE 60                  ; seconds that a silent run waits for Fullbore to end

Name "Fullbore"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Fullbore"
InstallDirRegKey HKCU "Software\Fullbore" "Folder"
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS all
BrandingText " "
AllowSkipFiles off
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\fullbore-window.exe"
!define MUI_LANGDLL_ALLLANGUAGES
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
UninstPage custom un.AskKeep un.HearKeep
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString RUNNING ${LANG_ENGLISH} "Fullbore is running. Close its window (and end it in the tray), then try again."
LangString RUNNING ${LANG_SIMPCHINESE} "Fullbore 正在运行。请关闭其窗口（并在托盘中退出），然后重试。"
LangString TAKEN ${LANG_ENGLISH} "That folder holds something else. Choose an empty one, or one of Fullbore's own."
LangString TAKEN ${LANG_SIMPCHINESE} "该文件夹中有其他内容。请选择一个空文件夹，或 Fullbore 自己的文件夹。"
LangString TOO_OLD ${LANG_ENGLISH} "Fullbore needs a 64-bit Windows 10 (version 1809) or newer."
LangString TOO_OLD ${LANG_SIMPCHINESE} "Fullbore 需要 64 位 Windows 10（1809 版）或更高版本。"
LangString TWICE ${LANG_ENGLISH} "Fullbore is being installed already."
LangString TWICE ${LANG_SIMPCHINESE} "Fullbore 正在安装中。"
LangString UNDONE ${LANG_ENGLISH} "The files could not be put in place; what was there before is still there. Is a program using $INSTDIR, or is the disk full?"
LangString UNDONE ${LANG_SIMPCHINESE} "文件无法就位；原有内容保持不变。是否有程序正在使用 $INSTDIR，或磁盘已满？"
LangString KEEP_TITLE ${LANG_ENGLISH} "Your chats and models"
LangString KEEP_TITLE ${LANG_SIMPCHINESE} "您的对话和模型"
LangString KEEP_TOLD ${LANG_ENGLISH} "They are kept, and are there again if you install Fullbore later:"
LangString KEEP_TOLD ${LANG_SIMPCHINESE} "它们会被保留，以后重新安装 Fullbore 时仍可使用："
LangString KEEP_BOX ${LANG_ENGLISH} "Delete my chats, settings and downloaded models too"
LangString KEEP_BOX ${LANG_SIMPCHINESE} "同时删除我的对话、设置和已下载的模型"
LangString KEEP_NOTE ${LANG_ENGLISH} "Models in other folders, and those of other programs, are never touched."
LangString KEEP_NOTE ${LANG_SIMPCHINESE} "其他文件夹中的模型以及其他程序的模型绝不会被改动。"
LangString KIND ${LANG_ENGLISH} "GGUF language model"
LangString KIND ${LANG_SIMPCHINESE} "GGUF 语言模型"
LangString ABOUT ${LANG_ENGLISH} "Chat with language models on this computer"
LangString ABOUT ${LANG_SIMPCHINESE} "在本机上与语言模型对话"

VIProductVersion "${VERSION_NUMBERS}"
VIAddVersionKey ProductName "Fullbore"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileDescription "Fullbore installer"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT licence"

Var Delete ; whether chats and models go too
Var Box

; What an installation consists of; nothing else in its folder is ever touched.
!macro EACH_PART DO
  !insertmacro ${DO} "python"
  !insertmacro ${DO} "lib"
  !insertmacro ${DO} "LICENSE.txt"
  !insertmacro ${DO} "fullbore.exe"
  !insertmacro ${DO} "fullbore-window.exe"
!macroend
!macro SET_ASIDE PART
  ${If} ${FileExists} "$INSTDIR\${PART}"
    Rename "$INSTDIR\${PART}" "$INSTDIR\outgoing\${PART}"
  ${EndIf}
!macroend
!macro PUT_BACK PART
  ${If} ${FileExists} "$INSTDIR\outgoing\${PART}"
    Rename "$INSTDIR\outgoing\${PART}" "$INSTDIR\${PART}"
  ${EndIf}
!macroend
!macro PUT_IN_PLACE PART
  ${If} ${FileExists} "$INSTDIR\incoming\${PART}"
    Rename "$INSTDIR\incoming\${PART}" "$INSTDIR\${PART}"
  ${EndIf}
!macroend
!macro REMOVE PART
  RMDir /r "$INSTDIR\${PART}"
  Delete "$INSTDIR\${PART}"
!macroend

; $0 becomes 1 while one of Fullbore's processes lives: Windows lets nobody write to its program.
!macro LOOK PROGRAM
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    ClearErrors
    FileOpen $1 "$INSTDIR\${PROGRAM}" a
    ${If} ${Errors}
      StrCpy $0 1
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
!macroend
!macro WAIT_UNTIL_CLOSED UN
Function ${UN}WaitUntilClosed
  StrCpy $2 0
  again:
  StrCpy $0 0
  !insertmacro LOOK "python\pythonw.exe"
  !insertmacro LOOK "python\python.exe"
  !insertmacro LOOK "fullbore-window.exe"
  !insertmacro LOOK "fullbore.exe"
  ClearErrors
  ${If} $0 = 1
    ${If} ${Silent}
      ${If} $2 < ${PATIENCE}
        IntOp $2 $2 + 1
        Sleep 1000
        Goto again
      ${EndIf}
    ${Else}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" IDRETRY again
    ${EndIf}
    SetErrorLevel 3
    Quit
  ${EndIf}
FunctionEnd
!macroend
!insertmacro WAIT_UNTIL_CLOSED ""
!insertmacro WAIT_UNTIL_CLOSED "un."

!macro REFUSE SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

; The window's button in the taskbar is the start menu's entry where both have that name; else it
; would be Python's. Without it (it cannot be written) all works but pinning.
!macro NAME_FOR_TASKBAR LINK
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("${LINK}",${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call 'shlwapi::SHStrDupW(w "${APP}", *p .r3)'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r4'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,r3)p.r5'
        ${IPropertyStore::SetValue} $2 '($4,$5)'
        ${IPropertyStore::Commit} $2 ""
        !insertmacro PropVariantClear $5
        System::Free $5
        System::Free $4
        ${IPersistFile::Save} $1 '("${LINK}",1)'
        ${IUnknown::Release} $2 ""
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
!macroend

Function .onInit
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} 17763 ; 1809: Qt's oldest
  ${OrIfNot} ${RunningX64}
    !insertmacro REFUSE "$(TOO_OLD)"
  ${EndIf}
  System::Call 'kernel32::CreateMutex(p 0, i 0, t "FullboreSetup") p .r1 ?e'
  Pop $0
  ${If} $0 = 183 ; it exists
    !insertmacro REFUSE "$(TWICE)"
  ${EndIf}
FunctionEnd

; A failure on the way (a full disk) leaves what was there.
Function .onInstFailed
  RMDir /r "$INSTDIR\incoming"
  SetErrorLevel 2
FunctionEnd

Section "Fullbore"
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\Uninstall.exe"
    ; Empty, it may be used: a folder that cannot be removed holds something.
    RMDir "$INSTDIR\incoming"
    RMDir "$INSTDIR"
    ${If} ${FileExists} "$INSTDIR\*.*"
      !insertmacro REFUSE "$(TAKEN)"
    ${EndIf}
  ${EndIf}
  Call WaitUntilClosed

  RMDir /r "$INSTDIR\incoming"
  RMDir /r "$INSTDIR\outgoing"
  ClearErrors
  SetOutPath "$INSTDIR\incoming"
  File /r "${PAYLOAD}"
  ${If} ${Errors}
    RMDir /r "$INSTDIR\incoming"
    !insertmacro REFUSE "$(UNDONE)"
  ${EndIf}
  SetOutPath "$INSTDIR"

  ; All of the old goes before any of the new comes: never a mixture.
  CreateDirectory "$INSTDIR\outgoing"
  ClearErrors
  !insertmacro EACH_PART SET_ASIDE
  ${If} ${Errors}
    !insertmacro EACH_PART PUT_BACK
    RMDir "$INSTDIR\outgoing"
    RMDir /r "$INSTDIR\incoming"
    !insertmacro REFUSE "$(UNDONE)"
  ${EndIf}
  !insertmacro EACH_PART PUT_IN_PLACE
  RMDir /r "$INSTDIR\outgoing"
  RMDir /r "$INSTDIR\incoming"
  WriteUninstaller "$INSTDIR\Uninstall.exe"

  CreateShortcut "$SMPROGRAMS\Fullbore.lnk" "$INSTDIR\fullbore-window.exe" "" "$INSTDIR\fullbore-window.exe" 0 SW_SHOWNORMAL "" "$(ABOUT)"
  !insertmacro NAME_FOR_TASKBAR "$SMPROGRAMS\Fullbore.lnk"
  WriteRegStr HKCU "Software\Fullbore" "Folder" "$INSTDIR"

  ; Settings → Apps
  WriteRegStr HKCU "${ENTRY}" "DisplayName" "Fullbore"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "Publisher" "Fullbore"
  WriteRegStr HKCU "${ENTRY}" "DisplayIcon" "$INSTDIR\fullbore-window.exe,0"
  WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${ENTRY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" "$0"

  ; "Open with" for .gguf: offered, and no other program's default is taken.
  WriteRegStr HKCU "${CLASSES}\${CLASS}" "" "$(KIND)"
  WriteRegStr HKCU "${CLASSES}\${CLASS}\DefaultIcon" "" "$INSTDIR\fullbore-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\${CLASS}\shell\open\command" "" '"$INSTDIR\fullbore-window.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.gguf\OpenWithProgids" "${CLASS}" ""
  WriteRegStr HKCU "${CLASSES}\Applications\fullbore-window.exe" "FriendlyAppName" "Fullbore"
  WriteRegStr HKCU "${CLASSES}\Applications\fullbore-window.exe\shell\open\command" "" '"$INSTDIR\fullbore-window.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\Applications\fullbore-window.exe\SupportedTypes" ".gguf" ""
  ; fullbore:// links
  WriteRegStr HKCU "${CLASSES}\fullbore" "" "URL:Fullbore"
  WriteRegStr HKCU "${CLASSES}\fullbore" "URL Protocol" ""
  WriteRegStr HKCU "${CLASSES}\fullbore\DefaultIcon" "" "$INSTDIR\fullbore-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\fullbore\shell\open\command" "" '"$INSTDIR\fullbore-window.exe" "%1"'
  ; Settings → Default apps
  WriteRegStr HKCU "Software\Fullbore\Capabilities" "ApplicationName" "Fullbore"
  WriteRegStr HKCU "Software\Fullbore\Capabilities" "ApplicationDescription" "$(ABOUT)"
  WriteRegStr HKCU "Software\Fullbore\Capabilities\FileAssociations" ".gguf" "${CLASS}"
  WriteRegStr HKCU "Software\Fullbore\Capabilities\URLAssociations" "fullbore" "fullbore"
  WriteRegStr HKCU "Software\RegisteredApplications" "Fullbore" "Software\Fullbore\Capabilities"
  ; Win+R and `start fullbore`
  WriteRegStr HKCU "${PATHS}\fullbore.exe" "" "$INSTDIR\fullbore.exe"
  WriteRegStr HKCU "${PATHS}\fullbore-window.exe" "" "$INSTDIR\fullbore-window.exe"
  System::Call 'shell32::SHChangeNotify(i 0x8000000, i 0, p 0, p 0)'
SectionEnd

Function un.onInit
  StrCpy $Delete 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DELETE-CHATS-AND-MODELS" $1
  ${IfNot} ${Errors}
    StrCpy $Delete 1
  ${EndIf}
FunctionEnd

Function un.AskKeep
  ${IfNot} ${FileExists} "${OWN}\*.*"
    Abort ; nothing to ask about
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "$(KEEP_TITLE)" ""
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 12u "$(KEEP_TOLD)"
  Pop $0
  ${NSD_CreateLabel} 0 14u 100% 12u "${OWN}"
  Pop $0
  ${NSD_CreateCheckbox} 0 36u 100% 12u "$(KEEP_BOX)"
  Pop $Box
  ${If} $Delete = 1
    ${NSD_Check} $Box
  ${EndIf}
  ${NSD_CreateLabel} 0 54u 100% 24u "$(KEEP_NOTE)"
  Pop $0
  nsDialogs::Show
FunctionEnd

Function un.HearKeep
  ${NSD_GetState} $Box $Delete
FunctionEnd

Section "Uninstall"
  Call un.WaitUntilClosed
  !insertmacro EACH_PART REMOVE
  RMDir /r "$INSTDIR\incoming"
  RMDir /r "$INSTDIR\outgoing"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR" ; only if nothing of the person's lies there
  Delete "$SMPROGRAMS\Fullbore.lnk"
  DeleteRegKey HKCU "${ENTRY}"
  DeleteRegKey HKCU "Software\Fullbore"
  DeleteRegKey HKCU "${CLASSES}\${CLASS}"
  DeleteRegValue HKCU "${CLASSES}\.gguf\OpenWithProgids" "${CLASS}"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.gguf\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.gguf"
  DeleteRegKey HKCU "${CLASSES}\Applications\fullbore-window.exe"
  DeleteRegKey HKCU "${CLASSES}\fullbore"
  DeleteRegValue HKCU "Software\RegisteredApplications" "Fullbore"
  DeleteRegKey HKCU "${PATHS}\fullbore.exe"
  DeleteRegKey HKCU "${PATHS}\fullbore-window.exe"
  DeleteRegValue HKCU "${RUN}" "Fullbore" ; app/autostart.py
  DeleteRegValue HKCU "${APPROVED}" "Fullbore"
  ${If} $Delete = 1
    RMDir /r "${OWN}"
    ; The Hub's token, where engine/download/token.py has the keyring put it.
    System::Call 'advapi32::CredDelete(t "fullbore", i 1, i 0)'
    System::Call 'advapi32::CredDelete(t "huggingface@fullbore", i 1, i 0)'
  ${EndIf}
  System::Call 'shell32::SHChangeNotify(i 0x8000000, i 0, p 0, p 0)'
SectionEnd
