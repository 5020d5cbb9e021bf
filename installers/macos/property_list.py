"""What macOS is told of Fullbore: its files, its links, and the oldest system it runs on."""

from typing import Any

OLDEST_SYSTEM = "13.0"  # Qt 6.11's own
FILE_KIND = "io.github.fullbore.gguf"


def property_list(version: str) -> dict[str, Any]:
    """The parts of Info.plist that PyInstaller does not write by itself."""
    return {
        "CFBundleDisplayName": "Fullbore",
        "CFBundleExecutable": "fullbore-window",
        "CFBundleShortVersionString": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh-Hans"],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "CFBundleURLTypes": [
            {"CFBundleURLName": "Fullbore link", "CFBundleURLSchemes": ["fullbore"]}
        ],
        # Offered for .gguf; another program's claim to it stands.
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "GGUF language model",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": [FILE_KIND],
            }
        ],
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": FILE_KIND,
                "UTTypeDescription": "GGUF language model",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": ["gguf"]},
            }
        ],
    }
