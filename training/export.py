"""Write a trained network in the form that the package ships: an encoder for onnxruntime, and arrays."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from network import Encoder, Network
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

_SMALL = 4096
_HEADS = ("subject", "object", "context", "hidden", "label")


class _FusedAttention(torch.autograd.Function):
    """Attention as one operator of onnxruntime, half as slow as its parts; only ever exported, never run here."""

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        return graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads).setType(query.type())

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        return value


class _Blocks(nn.Module):
    """The encoder behind its embeddings, with the tags; reads one text at a time, so that nothing is padded."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder: Encoder = network.encoder
        self.tagger = network.tagger

    def forward(self, embedded: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.encoder.norm(embedded)
        nothing = x.new_zeros(1, 1, 1, 1)
        for block in self.encoder.blocks[:-1]:
            heard = _FusedAttention.apply(block.query(x), block.key(x), block.value(x), block.heads)
            x = block.out_norm(x + block.out(heard))
            x = block.norm(x + block.outer(functional.gelu(block.inner(x))))
        x, attention = self.encoder.blocks[-1](x, nothing)
        return self.tagger(x), x, attention.mean(1)


def export(network: Network, pieces: list[str], scores: np.ndarray, out: Path) -> None:
    """Write `encoder.onnx`, `words.npz` (embeddings, 8 bits a weight, and the pieces) and `pairs.npz` to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    network.cpu().eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "encoder.onnx"
        torch.onnx.export(
            _Blocks(network),
            (torch.randn(1, 9, network.shape.width),),
            str(whole),
            input_names=["embedded"],
            output_names=["tags", "vectors", "attention"],
            dynamic_axes={"embedded": {1: "pieces"}, "tags": {1: "pieces"}, "vectors": {1: "pieces"},
                          "attention": {1: "pieces", 2: "pieces"}},
            opset_version=17,
            dynamo=False,
            custom_opsets={"com.microsoft": 1},
        )  # fmt: skip
        model = onnx.load(whole)
    _halve(model.graph)
    onnx.save(model, out / "encoder.onnx")
    words = network.encoder.words.weight.detach().numpy()
    scales = np.abs(words).max(1, keepdims=True) / 127
    np.savez_compressed(
        out / "words.npz",
        pieces=np.frombuffer("\n".join(pieces).encode(), np.uint8),
        scores=np.asarray(scores, np.float32),
        words=np.rint(words / np.maximum(scales, 1e-12)).astype(np.int8),
        scales=scales.astype(np.float32),
        places=(network.encoder.places.weight + network.encoder.kind).detach().numpy().astype(np.float16),
    )
    state = {name: array.numpy().astype(np.float16) for name, array in network.state_dict().items()}
    kept = {name: array for name, array in state.items() if name.split(".")[0] in (*_HEADS, "types", "distance")}
    np.savez_compressed(out / "pairs.npz", **kept)  # type: ignore[arg-type]


def _halve(graph: onnx.GraphProto) -> None:
    """Store the weights in half precision; the session widens them once, when it is made.

    8-bit products would be half as fast again, but cost 0.016 of claim F1, and let processors differ: a last bit
    decides how an activation is rounded, and eight layers amplify it.
    """
    for weights in list(graph.initializer):
        array = numpy_helper.to_array(weights)
        if array.dtype == np.float32 and array.size > _SMALL:
            graph.initializer.remove(weights)
            half = f"{weights.name}.half"
            graph.initializer.append(numpy_helper.from_array(array.astype(np.float16), half))
            graph.node.insert(0, onnx.helper.make_node("Cast", [half], [weights.name], to=onnx.TensorProto.FLOAT))
