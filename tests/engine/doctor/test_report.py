"""A report shows nothing private."""

from engine.doctor.judged import passed, warned
from engine.doctor.report import Private, report
from engine.fit.saying import say

PRIVATE = Private(
    home="/Users/alice",
    user="alice",
    host="wonderland",
    places={"/Users/alice/.local/share/fullbore": "(home)", "/mnt/secret/models": "(models)"},
)
SECRETS = (
    "alice",
    "wonderland",
    "/Users",
    "secret",
    "GPU-5d3d1b9a",
    "192.168",
    "fe80",
    "de:ad:be:ef",
)


def test_that_nothing_private_is_in_a_report() -> None:
    checks = [
        passed("a", say("{x}", x="Wonderland, of Alice: /Users/alice/notes/x.gguf")),
        passed("b", say("{x}", x="/Users/alice/.local/share/fullbore/engine.toml")),
        passed("c", say("{x}", x="/mnt/secret/models and /opt/secret/place/lib.so")),
        passed("d", say("{x}", x="GPU-5d3d1b9a-0000-1111-2222-333344445555")),
        warned("e", say("{x}", x="192.168.1.7 fe80::1:2:3 de:ad:be:ef:00:01"), say("10.0.0.1")),
        passed("f", say("{x}", x=r"C:\Users\alice\secret\model.gguf")),
    ]
    text = report(checks, "Fullbore 1", PRIVATE)
    assert not [secret for secret in SECRETS if secret.lower() in text.lower()]
    assert "(home)/engine.toml" in text
    assert "…/lib.so" in text


def test_that_what_is_said_of_a_machine_stays() -> None:
    says = "NVIDIA's driver 580.95.05, CUDA 12.4, 1.43 GB/s, llama-cpp-python 0.3.36, glibc 2.36."
    assert says in report([passed("a", say("{x}", x=says))], "Fullbore 1", PRIVATE)


def test_that_states_are_words_and_remedies_follow() -> None:
    text = report([warned("a", say("It is slow."), say("Make it fast."))], "Fullbore 1", PRIVATE)
    assert "! warn  a  It is slow." in text
    assert "→ Make it fast." in text
    assert text.endswith("0 pass, 1 warn, 0 fail")
