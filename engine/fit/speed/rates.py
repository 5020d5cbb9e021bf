"""The constants of the speed model, each with where it comes from.

"Fitted" ones were set with the rows in view that `tests/benches/speed_points.py` names before it
reports on the others. A calibration replaces all that depend on the machine.
"""

# What llama.cpp's matrix-vector kernels reach of a card's data sheet. Fitted: 0.88 on GDDR cards.
# Stacked memory stays far below: 7B and 70B together on H100 SXM give 0.64, on H100 PCIe 0.66.
GDDR_EFFICIENCY = 0.88
HBM_EFFICIENCY = 0.65

# A token's fixed cost in a layer: launches and what cannot overlap. Fitted.
LAYER_SECONDS = 50e-6
EXPERT_LAYER_SECONDS = 80e-6
# Ada and later clock half as high again: gpt-oss-120b and a 1B in tensor split over four 4090.
FAST_CLOCK_CAPABILITY = (8, 9)
FAST_LAYER_SECONDS = 42e-6
FAST_EXPERT_LAYER_SECONDS = 58e-6
# H100 (SXM): 61 µs dense, 55 µs with experts.
HBM_LAYER_SECONDS = 60e-6
HBM_EXPERT_LAYER_SECONDS = 55e-6

# Types whose unpacking keeps a card busier than its memory: their share of its rate. Source: the
# table of llama.cpp's tools/quantize/README.md (seconds a token over bytes, less what F16 and
# Q8_0 give as fixed cost), halfway to 1, as faster cards suffer less.
TYPE_SHARES = {
    "IQ1_S": 0.65,
    "IQ1_M": 0.65,
    "IQ2_XXS": 0.72,
    "IQ2_XS": 0.74,
    "IQ2_S": 0.76,
    "IQ3_XXS": 0.82,
    "IQ3_S": 0.82,
    "Q2_K": 0.85,
    "Q3_K": 0.83,
}

# What prompt processing reaches of a card's dense FP16 tensor rate, by compute capability's major
# and minor. Fitted: Llama-3-8B Q4_K_M on RTX 3090 and 4090 and H100 PCIe, 7B on H100 SXM.
FLOPS_EFFICIENCY = {(8, 0): 0.28, (8, 6): 0.42, (8, 9): 0.36, (9, 0): 0.15, (10, 0): 0.12}
FLOPS_EFFICIENCY_BEFORE = 0.26  # Volta and older, after a P40's 7B Q4_0 (llama.cpp pull 4766)
FLOPS_EFFICIENCY_ELSE = 0.36
# Experts get few tokens each, so their matrices are thin. H100, 30B-A3B: 10,962 tok/s.
EXPERT_FLOPS_SHARE = 0.55

# Attention over the cache of one stream, as a share of the card's rate. H100: 7B and 30B-A3B in
# F16 read 650 to 730 GB/s from the first to the 8,000th token, and take no less time for Q8_0 and
# Q4_0. GDDR cards have a third of the bandwidth for half the multiprocessors.
HBM_CACHE_SHARE = 0.3
GDDR_CACHE_SHARE = 0.8

# One token's step outside llama.cpp: the loop, the pipe, and sampling over the logits. H100 with
# 16 cores, 7B and 30B-A3B, 152,064 tokens: 0.6 to 0.8 ms more than llama-bench.
STEP_SECONDS = 0.2e-3
LOGIT_SECONDS = 3.3e-9

# Between a prompt's matrices lie norms, rotations, copies: bytes a token and layer. H100, timed
# matrices: what is left of 7B, 70B and 30B-A3B in micro-batches of 512 is 1.03, 0.98 and 0.9 µs.
TOKEN_LAYER_BYTES = 2.3e6

# Kernels timed alone run faster than between others: a processor that takes turns with a card
# reaches 0.58 to 0.72 (H100 machine, 7B and 30B-A3B, 16 cores), and as much in prompts.
BOARD_PROMPT_IN_PLACE = 0.7
TURNS_IN_PLACE = 0.65

# Latent attention is many small steps. H100, DeepSeek-R1 on two cards: 19 ms a token, of which
# 13.6 are bytes and usual layers; the rest over 61 of them.
LATENT_LAYER_SECONDS = 90e-6

# Experts with biases (gpt-oss) add eight small kernels a layer: four biases of attention, the
# router's, three of the experts. H100: 5.9 ms a token, of which 5.1 are bytes and usual layers.
BIASED_EXPERTS_LAYER_SECONDS = 22e-6

# PCIe: 0.985 GB/s a lane in generation 3, doubled by each; pinned copies reach about 0.8 of it.
LANE_BYTES_PER_SECOND = {1: 0.25e9, 2: 0.5e9, 3: 0.985e9, 4: 1.97e9, 5: 3.94e9, 6: 7.88e9}
LINK_EFFICIENCY = 0.8

# RAM: what reading weights reaches of the peak. Fitted: 0.58 (two channels to twelve).
MEMORY_EFFICIENCY = 0.58
BOARD_LAYER_SECONDS = 60e-6
# Bytes a second that one core unpacks and multiplies, by type. No published table: chosen so that
# desktop processors stay limited by memory at four bits and above, as reported, and servers by
# themselves at two (DeepSeek-V3 with IQ2_K on 32 cores of an EPYC 9355: 8 GB/s a core).
CORE_TYPE_RATES = {
    "IQ1_S": 4.0e9,
    "IQ1_M": 4.0e9,
    "IQ2_XXS": 6.0e9,
    "IQ2_XS": 6.5e9,
    "IQ2_S": 7.5e9,
    "IQ3_XXS": 7.0e9,
    "IQ3_S": 7.5e9,
    "Q2_K": 8.0e9,
    "Q3_K": 8.0e9,
    "TQ1_0": 6.0e9,
    "TQ2_0": 9.0e9,
    "IQ4_NL": 9.0e9,
    "IQ4_XS": 8.0e9,
    "MXFP4": 9.0e9,
    "Q5_0": 10e9,
    "Q5_1": 10e9,
    "Q5_K": 10e9,
    "Q6_K": 10e9,
}
# SmolLM2-135M Q4_1, prompt of 256: 323 tok/s on two cores.
CORE_FLOPS = 40e9

# Tensor split: each layer ends in a reduction over the cards, for every card beyond the first.
# Two H100 over NVLink: 18 µs (70B), 21 (7B), 21 (30B-A3B); two 5060 Ti over PCIe: 24; four 4090:
# 71 and 81 together.
REDUCTION_SECONDS = 24e-6
# The same for a micro-batch of a prompt, without what goes over the link. Two H100, NVLink.
PROMPT_REDUCTION_SECONDS = 0.35e-3
PROMPT_EXPERT_REDUCTION_SECONDS = 1.0e-3
# Layer split: from one card to the next. Two H100, 7B: 268 → 264 tok/s.
HOP_SECONDS = 50e-6

# Of the experts that chance alone would touch in a micro-batch, real texts touch about so many:
# gpt-oss-120b on a 3090 streams its RAM experts in 1.19 s at 24 GB/s.
TOUCHED_SHARE = 0.7
# llama.cpp computes weights in RAM on a card from so many tokens on (GGML_OP_OFFLOAD_MIN_BATCH).
OFFLOAD_TOKENS = 32

# Loading: a process with llama.cpp and CUDA; then what reaches a card from the page cache. H100,
# 70B Q4_K_M: 9 to 13 s in layer split, 14 to 16 s in tensor split from a mapped file (54 s from one
# that is not).
START_SECONDS = 1.5
UPLOAD_BYTES_PER_SECOND = 5.5e9
TENSOR_LOAD_FACTOR = 1.25

# Power: a card at work on one stream draws most of its limit (RTX 5060 Ti: 172.7 of 180 W,
# inventivehq.com; RTX 3090: 280 of 350 W cost no speed, jeanfbrito.github.io); while it waits for
# other cards or the processor it still clocks high.
BUSY_POWER = 0.85
WAITING_POWER = 0.25
