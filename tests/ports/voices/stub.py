"""A Piper voice with the form of a real one and none of its weights: each sound is a tone of its own."""

import json
from pathlib import Path
from typing import Any

import numpy
import numpy.typing
import onnx
from onnx import TensorProto, helper

RATE = 22_050
HOP = 560  # samples of each number at the usual length: about 220 syllables a minute
# Numbers of the sounds, as in the files of real voices: pad, start, end, blank, marks, tones, letters of IPA.
SOUNDS = [*"_^$ !'(),-.:;?023456789ɜabcdefghijklmnopqrstuvwxyzæðŋøɐɑɓɔɖɗəɛɟɡɣɤɨɪɯɲɹʂʃʈʊʌʒʔˈˌː", "\u032a", "\u0303"]


def config(**changes: Any) -> dict[str, Any]:
    """What stands beside a model."""
    return {
        "dataset": "stub",
        "audio": {"sample_rate": RATE, "quality": "medium"},
        "espeak": {"voice": "vi"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_map": {},
        "phoneme_id_map": {sound: [number] for number, sound in enumerate(SOUNDS)},
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        **changes,
    }


def write(folder: Path, name: str = "vi_VN-stub-medium", *, loud: float = 0.4, **changes: Any) -> Path:
    """A voice in a folder. With more than one speaker the graph reads `sid`, and speakers differ in pitch."""
    given = config(**changes)
    path = folder / f"{name}.onnx"
    onnx.save(_model(given["num_speakers"] > 1, loud), path)
    path.with_name(f"{name}.onnx.json").write_text(json.dumps(given, ensure_ascii=False))
    return path


def _model(many: bool, loud: float) -> onnx.ModelProto:
    """Tones: number n sounds at 100 + 20 n Hz (with a speaker, higher), HOP × length_scale samples long."""
    constants: dict[str, numpy.typing.NDArray[Any]] = {
        "one": numpy.array([1], dtype=numpy.int64),
        "shape_column": numpy.array([-1, 1], dtype=numpy.int64),
        "shape_out": numpy.array([1, 1, 1, -1], dtype=numpy.int64),
        "hop": numpy.array([HOP], dtype=numpy.float32),
        "low": numpy.array([100], dtype=numpy.float32),
        "apart": numpy.array([20], dtype=numpy.float32),
        "turn": numpy.array([2 * numpy.pi / RATE], dtype=numpy.float32),
        "loud": numpy.array([loud], dtype=numpy.float32),
        "zero": numpy.array(0, dtype=numpy.int64),
        "step": numpy.array(1, dtype=numpy.int64),
    }
    node = helper.make_node
    nodes = [
        node("Cast", ["input"], ["numbers"], to=TensorProto.FLOAT),
        node("Reshape", ["numbers", "shape_column"], ["column"]),
        node("Mul", ["column", "apart"], ["above"]),
        node("Add", ["above", "low"], ["hertz_plain"]),
        node("Gather", ["scales", "one"], ["length"]),
        node("Mul", ["hop", "length"], ["size_float"]),
        node("Cast", ["size_float"], ["size_one"], to=TensorProto.INT64),
        node("Squeeze", ["size_one"], ["size"]),
        node("Range", ["zero", "size", "step"], ["ramp"]),
        node("Cast", ["ramp"], ["time"], to=TensorProto.FLOAT),
        node("Mul", ["hertz", "turn"], ["speed"]),
        node("Mul", ["speed", "time"], ["angle"]),
        node("Sin", ["angle"], ["wave"]),
        node("Mul", ["wave", "loud"], ["scaled"]),
        node("Reshape", ["scaled", "shape_out"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if many:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
        pitch = [node("Cast", ["sid"], ["speaker"], to=TensorProto.FLOAT), node("Mul", ["speaker", "low"], ["higher"])]
        nodes[4:4] = [*pitch, node("Add", ["hertz_plain", "higher"], ["hertz"])]
    else:
        nodes[4:4] = [node("Identity", ["hertz_plain"], ["hertz"])]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "t"])
    values = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "stub", inputs, [output], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model
