"""Which tensors stay in RAM, by the names llama.cpp gives them."""

import re

import pytest

from engine.protocol.load import CpuExperts, ExpertGroup
from engine.worker.placing import expert_patterns

UP, GATE, DOWN = ExpertGroup.UP, ExpertGroup.GATE, ExpertGroup.DOWN


def stays(name: str, *experts: CpuExperts) -> bool:
    return any(re.search(pattern, name) for pattern in expert_patterns(experts))


@pytest.mark.parametrize(
    "name",
    [
        "blk.3.ffn_up_exps.weight",
        "blk.3.ffn_gate_exps.weight",
        "blk.3.ffn_down_exps.weight",
        "blk.3.ffn_gate_up_exps.weight",
        "blk.3.ffn_up_exps.bias",
        "blk.3.ffn_down_exps.bias",
        "blk.3.ffn_gate_chexps.weight",
    ],
)
def test_that_all_of_a_layers_routed_experts_stay(name: str) -> None:
    assert stays(name, CpuExperts(layer=3))
    assert not stays(name, CpuExperts(layer=33), CpuExperts(layer=13))


@pytest.mark.parametrize(
    "name",
    [
        "blk.3.ffn_up_shexp.weight",
        "blk.3.ffn_gate_inp.weight",
        "blk.3.exp_probs_b.bias",
        "blk.3.ffn_down.weight",
        "blk.3.attn_q.weight",
        "blk.31.ffn_up_exps.weight",
        "blk.13.ffn_up_exps.weight",
    ],
)
def test_that_nothing_else_does(name: str) -> None:
    assert not stays(name, CpuExperts(layer=3))


def test_that_single_groups_are_told_apart() -> None:
    up, gate, down = (CpuExperts(layer=0, groups=(group,)) for group in (UP, GATE, DOWN))
    assert stays("blk.0.ffn_up_exps.weight", up)
    assert not stays("blk.0.ffn_gate_up_exps.weight", up)
    assert stays("blk.0.ffn_gate_up_exps.weight", gate)
    assert stays("blk.0.ffn_gate_exps.weight", gate)
    assert not stays("blk.0.ffn_down_exps.weight", up, gate)
    assert stays("blk.0.ffn_down_exps.weight", down)


def test_that_layers_with_the_same_groups_share_a_pattern() -> None:
    experts = [CpuExperts(layer=layer) for layer in range(60)]
    assert len(expert_patterns(experts)) == 1
    assert len(expert_patterns([*experts, CpuExperts(layer=60, groups=(DOWN,))])) == 2
    assert expert_patterns(()) == ()
