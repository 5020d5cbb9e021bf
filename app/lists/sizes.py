"""Numbers as people read them."""


def size_text(size_bytes: int) -> str:
    """In decimal units, as disks are sold and the Hub shows them: "98 MB", "4.4 GB"."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    for unit, factor in (("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.0f} {unit}"
    return f"{size_bytes} B"


def count_text(count: int) -> str:
    """Of parameters or downloads: "135M", "7.2B", "950"."""
    for unit, factor in (("T", 10**12), ("B", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= factor:
            return f"{count / factor:.3g}{unit}"
    return str(count)
