"""The tagger's network in torch: what :mod:`pipeline.training.export` turns into a graph.

Two recurrent towers read the word vectors from both sides; what stands before and after a word gives its *slot*, the
vector that the context alone expects there. Both are pretrained (:mod:`pipeline.training.pretrain`). A second
recurrent layer reads towers, slot, vector, knowledge features and affixes, and one output head a corpus answers in its
convention.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.taggers.inputs import AFFIX_BUCKETS, N_KNOWLEDGE

VECTOR_SIZE = 128


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network's layers."""

    towers: int = 384
    inner: int = 192
    encoder: int = 128
    knowledge: int = 32
    affix: int = 32


class Towers(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """The pretrained part: forward and backward towers and the slot between them."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.f = nn.LSTM(VECTOR_SIZE, hidden)
        self.b = nn.LSTM(VECTOR_SIZE, hidden)
        self.sep = nn.Parameter(torch.randn(VECTOR_SIZE) * 0.5)
        self.m1 = nn.Linear(2 * hidden, 2 * VECTOR_SIZE)
        self.m2 = nn.Linear(2 * VECTOR_SIZE, VECTOR_SIZE)

    def slot(self, forward: Tensor, backward: Tensor) -> Tensor:
        """What the words before and after expect at each inner place of a padded sequence."""
        return self.m2(functional.gelu(self.m1(torch.cat([forward[:-2], backward[2:]], -1))))

    def expect(self, vectors: Tensor) -> Tensor:
        """Slots of the inner words of chunks of equal length (words x batch x size)."""
        forward, _ = self.f(vectors)
        backward, _ = self.b(vectors.flip(0))
        return self.slot(forward, backward.flip(0))


def reverse_index(lengths: Tensor, longest: int) -> Tensor:
    """For each place of each sequence the place that reads it backwards; padding stays where it is."""
    place = torch.arange(longest)[:, None]
    return torch.where(place < lengths, lengths - 1 - place, place)


def _take(values: Tensor, index: Tensor) -> Tensor:
    return values.gather(0, index[:, :, None].expand(-1, -1, values.shape[2]))


class Network(Towers):
    """The whole tagger; ``n_heads`` output heads of ``n_labels`` each."""

    def __init__(self, shape: Shape, n_labels: int, n_heads: int, dropout: float = 0.3) -> None:
        super().__init__(shape.towers)
        self.n_labels, self.n_heads, self.dropout = n_labels, n_heads, dropout
        self.K = nn.Linear(N_KNOWLEDGE, shape.knowledge)
        self.A = nn.EmbeddingBag(AFFIX_BUCKETS, shape.affix, mode="sum")
        parts = 2 * shape.towers + 2 * VECTOR_SIZE + shape.knowledge + shape.affix
        self.inp = nn.Linear(parts, shape.inner)
        self.e1 = nn.LSTM(shape.inner, shape.encoder)
        self.e2 = nn.LSTM(shape.inner, shape.encoder)
        self.out = nn.Linear(2 * shape.encoder + shape.inner, n_labels * n_heads)

    def _drop(self, values: Tensor) -> Tensor:
        return functional.dropout(values, self.dropout, self.training)

    def _pad(self, vectors: Tensor, lengths: Tensor) -> Tensor:
        """The sequences between separators, which also fill what lies after the end."""
        n_batch = vectors.shape[1]
        edge = self.sep.expand(1, n_batch, VECTOR_SIZE)
        padded = torch.cat([edge, vectors, edge], 0)
        after = torch.arange(len(padded))[:, None] > lengths
        return torch.where(after[:, :, None], self.sep, padded)

    def forward(self, vectors: Tensor, knowledge: Tensor, affixes: Tensor, lengths: Tensor) -> Tensor:
        """Scores (words x batch x heads x labels), not normalised."""
        n_words, n_batch, _ = vectors.shape
        padded = self._pad(vectors, lengths)
        back = reverse_index(lengths + 2, n_words + 2)
        forward, _ = self.f(padded)
        backward = _take(self.b(_take(padded, back))[0], back)
        slot = self.slot(forward, backward)
        context = [self._drop(part) for part in (forward[1:-1], backward[1:-1], slot, vectors)]
        affix = self.A(affixes.reshape(n_words * n_batch, -1)).reshape(n_words, n_batch, -1)
        hidden = self._drop(torch.relu(self.inp(torch.cat([*context, self.K(knowledge), affix], -1))))
        back = reverse_index(lengths, n_words)
        right = _take(self.e2(_take(hidden, back))[0], back)
        states = self._drop(torch.cat([self.e1(hidden)[0], right, hidden], -1))
        return self.out(states).view(n_words, n_batch, self.n_heads, self.n_labels)
