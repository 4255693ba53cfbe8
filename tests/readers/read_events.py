"""Prints what TensorBoard reads of a folder of event files, as JSON.

Histograms are read twice: as they are stored, and as the dashboards get them, which is a tensor.
"""

import json
import sys

from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.util import tensor_util

folder = sys.argv[1]
stored = event_accumulator.EventAccumulator(folder, size_guidance={
    event_accumulator.SCALARS: 0,
    event_accumulator.HISTOGRAMS: 0,
    event_accumulator.TENSORS: 0,
})
stored.Reload()
shown = plugin_event_accumulator.EventAccumulator(folder)
shown.Reload()


def histogram(event):
    value = event.histogram_value
    return {
        "step": event.step,
        "wallTime": event.wall_time,
        "min": value.min,
        "max": value.max,
        "count": value.num,
        "sum": value.sum,
        "sumOfSquares": value.sum_squares,
        "bucketLimits": list(value.bucket_limit),
        "buckets": list(value.bucket),
    }


def text(event):
    return {
        "step": event.step,
        "wallTime": event.wall_time,
        "text": tensor_util.make_ndarray(event.tensor_proto).item().decode("utf-8"),
    }


tags = stored.Tags()
print(json.dumps({
    "firstTime": stored.FirstEventTimestamp(),
    "scalars": {
        tag: [
            {"step": event.step, "wallTime": event.wall_time, "value": event.value}
            for event in stored.Scalars(tag)
        ]
        for tag in tags["scalars"]
    },
    "histograms": {
        tag: [histogram(event) for event in stored.Histograms(tag)] for tag in tags["histograms"]
    },
    "texts": {tag: [text(event) for event in stored.Tensors(tag)] for tag in tags["tensors"]},
    "plugins": {
        tag: shown.SummaryMetadata(tag).plugin_data.plugin_name for tag in shown.Tags()["tensors"]
    },
    "shownHistograms": {
        tag: [
            tensor_util.make_ndarray(event.tensor_proto).tolist() for event in shown.Tensors(tag)
        ]
        for tag in tags["histograms"]
    },
}))
