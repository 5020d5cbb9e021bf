"""Where releases are told of and fetched from, and the key they are signed with."""

import base64

HOMEPAGE = "https://fullbore.github.io"
DOWNLOAD_PAGE = f"{HOMEPAGE}/download"
MANIFEST_ADDRESS = f"{HOMEPAGE}/updates/manifest.json"
SIGNATURE_SUFFIX = ".sig"  # beside the manifest: the signature in base64

# Ed25519. Its private half is with those who release; see installers/release.py.
PUBLIC_KEY = base64.b64decode("ioIgKKS5QqmLaCDQBULT10Dh7LBVCj79Mi2yFSisNQs=")
