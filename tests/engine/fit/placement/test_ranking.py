from engine.config import LoadWish
from engine.fit.placement.ranking import Ranking, rank
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from tests.engine.fit.placement.models import parts_named

QUANTIZATIONS = ("F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K", "IQ1_S")


def _ranked(model: str, machine: str, **wish: object) -> Ranking:
    models = [(f"{model}:{name}", parts_named(f"{model}:{name}")) for name in QUANTIZATIONS]
    return rank(models, parse_rig(machine, read_catalogue()), LoadWish.model_validate(wish))


def test_that_every_quantization_has_its_plan_finest_first() -> None:
    ranking = _ranked("qwen2-7b", "RTX 4090, 64 GB DDR5")
    bits = [plan.quality.bits_per_weight for plan in ranking.plans]
    assert len(bits) == len(QUANTIZATIONS)
    assert bits == sorted(bits, reverse=True)


def test_that_the_advice_fits_and_is_no_ruin() -> None:
    ranking = _ranked("llama-70b", "2x RTX 3090, 128 GB DDR4-3200")
    (advised,) = (plan for plan in ranking.plans if plan.model == ranking.advised)
    assert advised.fits
    assert advised.quality.bits_per_weight > 4
    assert ranking.advice is not None
    assert "tok/s" in ranking.advice


def test_that_quality_first_takes_no_coarser_one_than_speed_first() -> None:
    chosen: dict[str, float] = {}
    for prefer in ("speed", "quality"):
        ranking = _ranked("qwen3-32b", "RTX 4090, 64 GB DDR5", prefer=prefer)
        chosen[prefer] = next(
            plan.quality.bits_per_weight for plan in ranking.plans if plan.model == ranking.advised
        )
    assert chosen["quality"] >= chosen["speed"]


def test_that_advice_below_three_bits_says_what_it_costs() -> None:
    models = [("m:IQ1_S", parts_named("deepseek-r1-671b:IQ1_S"))]
    ranking = rank(models, parse_rig("RTX 3090, 256 GB", read_catalogue()), LoadWish())
    (plan,) = ranking.plans
    assert plan.quality.bits_per_weight < 3
    assert plan.quality.warning is not None
    assert str(plan.quality.warning) in (ranking.advice or "")


def test_that_what_comes_from_disk_is_not_advised_where_a_smaller_one_runs_from_memory() -> None:
    ranking = _ranked("llama-70b", "RTX 3060 12GB, 32 GB DDR4-3200", prefer="quality")
    by_name = {plan.model: plan for plan in ranking.plans}
    assert any(plan.fits and plan.footprint.host.over for plan in ranking.plans)
    assert ranking.advised is not None
    assert by_name[ranking.advised].footprint.host.over == 0
