"""In which numbers a network is trained: bf16 where the machine computes in them, else full precision."""

from __future__ import annotations

from typing import Any

import torch


def has_bf16(device: str = "cpu") -> bool:
    """Whether the device multiplies in bf16; a CPU needs AVX-512 or AMX for it, without which an LSTM cannot run."""
    return device != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def lower_precision(device: str = "cpu") -> Any:
    """A context in which layers compute in bf16; one that changes nothing where the device cannot."""
    return torch.autocast(device, torch.bfloat16, enabled=has_bf16(device))
