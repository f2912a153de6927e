"""Makes the model beside this file, with `pip install onnx`: a transducer that knows two words.

It hears nothing but loudness: at the first loud frames of a sound it says `xin`, then `chào`, then nothing. Small
enough to read, and real enough that sherpa-onnx loads and runs it as it would a model of speech.
"""

from pathlib import Path
from typing import Any

from onnx import ModelProto, TensorProto, helper, save

FOLDER = Path(__file__).resolve().parent
WORDS = ("<blk>", "▁xin", "▁chào")
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64


def constant(name: str, kind: int, shape: list[int], values: list[float]) -> Any:
    return helper.make_tensor(name, kind, shape, values)


def model(nodes: list[Any], inputs: list[Any], outputs: list[Any], tensors: list[Any], **meta: str) -> ModelProto:
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(made, meta)
    return made


def value(name: str, kind: int, shape: list[Any]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


def encoder() -> ModelProto:
    """Every fourth frame; of its 80 bands the mean, and nothing."""
    nodes = [
        helper.make_node("Slice", ["x", "zero", "end", "time", "four"], ["some"]),
        helper.make_node("ReduceMean", ["some"], ["mean"], axes=[2], keepdims=1),
        helper.make_node("Mul", ["mean", "none"], ["nothing"]),
        helper.make_node("Concat", ["mean", "nothing"], ["encoder_out"], axis=2),
        helper.make_node("Div", ["x_lens", "four"], ["encoder_out_lens"]),
    ]
    tensors = [
        constant("zero", INT, [1], [0]),
        constant("end", INT, [1], [10_000_000]),
        constant("time", INT, [1], [1]),
        constant("four", INT, [1], [4]),
        constant("none", FLOAT, [1], [0.0]),
    ]
    inputs = [value("x", FLOAT, ["N", "T", 80]), value("x_lens", INT, ["N"])]
    outputs = [value("encoder_out", FLOAT, ["N", "U", 2]), value("encoder_out_lens", INT, ["N"])]
    return model(nodes, inputs, outputs, tensors, model_type="zipformer2", version="1", comment="tiny")


def decoder() -> ModelProto:
    """The last two words as numbers."""
    nodes = [helper.make_node("Cast", ["y"], ["decoder_out"], to=FLOAT)]
    inputs, outputs = [value("y", INT, ["N", 2])], [value("decoder_out", FLOAT, ["N", 2])]
    return model(nodes, inputs, outputs, [], vocab_size="3", context_size="2")


def joiner() -> ModelProto:
    """After nothing the first word, after the first the second, after that nothing; and nothing where it is quiet."""
    nodes = [
        helper.make_node("MatMul", ["decoder_out", "after"], ["turn"]),
        helper.make_node("Add", ["turn", "before"], ["words"]),
        helper.make_node("MatMul", ["encoder_out", "loud"], ["level"]),
        helper.make_node("Add", ["level", "least"], ["missing"]),
        helper.make_node("Relu", ["missing"], ["quiet"]),
        helper.make_node("MatMul", ["quiet", "hush"], ["hushed"]),
        helper.make_node("Add", ["words", "hushed"], ["logit"]),
    ]
    tensors = [
        constant("after", FLOAT, [2, 3], [0, 0, 0, 5, -5, 0]),
        constant("before", FLOAT, [3], [-7, 1, -1]),
        constant("loud", FLOAT, [2, 1], [-1, 0]),
        constant("least", FLOAT, [1], [-12]),
        constant("hush", FLOAT, [1, 3], [100, 0, 0]),
    ]
    inputs = [value("encoder_out", FLOAT, ["N", 2]), value("decoder_out", FLOAT, ["N", 2])]
    return model(nodes, inputs, [value("logit", FLOAT, ["N", 3])], tensors, joiner_dim="2")


if __name__ == "__main__":
    for name, made in (("encoder", encoder()), ("decoder", decoder()), ("joiner", joiner())):
        save(made, str(FOLDER / f"{name}.onnx"))
    (FOLDER / "tokens.txt").write_text("".join(f"{word} {number}\n" for number, word in enumerate(WORDS)))
