"""
Writes recordings in the formats of event data sets, damaged ones too, and what other programs read in them.

    python tests/goldens/events/make.py

needs tonic 1.7.0, SpikingJelly 2.0.0, h5py, PyTables, dv-processing 2.0.4 and aedat 2.3.0. Nothing here is of the
data sets that have these formats: the events are drawn.

    nmnist-*.bin            34 x 34, 5 bytes an event; tonic reads them
    gesture*.aedat          AEDAT 3.1, 128 x 128; SpikingJelly reads them
    gesture_labels.csv      trials that overlap
    dv-COMPRESSION.aedat4   written by iniVation's dv-processing, read by the package aedat
    shd-*.h5                written by h5py, and by PyTables; tonic reads them (h5py those with odd values)
    bad-*                   damaged; their flaws stand in `readers_test.ts`
    frames.json             how those are cut into frames by tonic and by SpikingJelly
    decoded.safetensors     FILE.x, .y, .t, .p: what those programs read
"""

import hashlib
import json
import os
import struct
import sys
import types

import numpy as np

# SpikingJelly imports it for data sets of sound, which aren't used here.
sys.modules["torchaudio"] = types.ModuleType("torchaudio")
import aedat
import dv_processing as dv
import h5py
import tables
import tonic.io
from safetensors.numpy import save_file
from spikingjelly.datasets.utils import integrate_events_by_fixed_duration, integrate_events_by_fixed_frames_number, load_aedat_v3
from tonic import transforms

HERE = os.path.dirname(os.path.abspath(__file__))
decoded = {}


def path(name):
    return os.path.join(HERE, name)


def write(name, data):
    with open(path(name), "wb") as file:
        file.write(data)


def keep(name, x, y, t, p):
    decoded[f"{name}.x"] = np.ascontiguousarray(x, np.uint16)
    decoded[f"{name}.y"] = np.ascontiguousarray(y, np.uint16)
    decoded[f"{name}.t"] = np.ascontiguousarray(t, np.float64)
    decoded[f"{name}.p"] = np.ascontiguousarray(p, np.uint8)


def draw(seed, count, width, height, until):
    """Events in the order of their times, some at the same time."""
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, until, count))
    return rng.integers(0, width, count), rng.integers(0, height, count), t, rng.integers(0, 2, count)


# N-MNIST


def nmnist(x, y, t, p):
    rows = [bytes([a, b, q << 7 | c >> 16, c >> 8 & 255, c & 255]) for a, b, c, q in zip(x, y, t, p)]
    return b"".join(rows)


def with_overflows(x, y, t, p, places):
    """Before the events of these indexes the clock runs over, which takes 8192 us off what is written."""
    x, y, t, p = (list(map(int, part)) for part in (x, y, t, p))
    for n, at in enumerate(places):
        x.insert(at + n, 0), y.insert(at + n, 240), t.insert(at + n, 0), p.insert(at + n, 0)
    gone = 0
    for i in range(len(t)):
        gone += 8192 * (y[i] == 240)
        t[i] = max(0, t[i] - gone)
    return nmnist(x, y, t, p)


plain = draw(1, 2000, 34, 34, 300_000)
files = {
    "nmnist-plain.bin": nmnist(*plain),
    "nmnist-overflow.bin": with_overflows(*draw(2, 300, 34, 34, 60_000), [0, 17, 100, 101, 250]),
    "nmnist-empty.bin": b"",
    "nmnist-last-time.bin": nmnist([0, 33], [33, 0], [0, 2**23 - 1], [1, 0]),
}
for name, data in files.items():
    write(name, data)
    events = tonic.io.read_mnist_file(path(name), dtype=tonic.io.events_struct)
    keep(name, events["x"], events["y"], events["t"], events["p"])

short = nmnist(*(part[:20] for part in plain))
write("bad-cut.bin", short[:-1])
write("bad-x.bin", short[:50] + bytes([34]) + short[51:])
write("bad-y.bin", short[:51] + bytes([200]) + short[52:])
write("bad-time.bin", short[:52] + bytes([0, 0, 0]) + short[55:])

# AEDAT 3.1

HEADER = b"#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#Start-Time: 2016-01-01 00:00:00\r\n#!END-HEADER\r\n"


def polarity(x, y, t, p, valid=None):
    valid = np.ones(len(x), int) if valid is None else valid
    words = np.asarray(x) << 17 | np.asarray(y) << 2 | np.asarray(p) << 1 | valid
    return [struct.pack("<Ii", w, c) for w, c in zip(words, np.asarray(t) % 2**31)]


def packet(kind, size, overflow, events, capacity=None, count=None):
    count = len(events) if count is None else count
    capacity = count if capacity is None else capacity
    head = struct.pack("<hhiiiiii", kind, 1, size, 4, overflow, capacity, count, count)
    return head + b"".join(events) + bytes(max(0, capacity - len(events)) * size)


def part(events, start, end):
    return tuple(column[start:end] for column in events)


x, y, t, p = draw(3, 1500, 128, 128, 2_000_000)
t = t + 1_000_000
gesture = (x, y, t, p)
special = packet(0, 8, 0, [struct.pack("<Ii", 1, 5)])
packets = [packet(1, 8, 0, polarity(*part(gesture, i, i + 500))) for i in (0, 500, 1000)]
write("gesture.aedat", HEADER + packets[0] + special + packets[1] + packets[2])
write("gesture_labels.csv", b"class,startTime_usec,endTime_usec\r\n1,1000000,1500000\r\n2,1600000,2100000\r\n11,2050000,2600000\r\n1,2650000,2900000\r\n")

x, y, t, p = draw(4, 100, 128, 128, 10_000)
t = t + 2**31 - 5000
late = t >= 2**31
over = [polarity(x[m], y[m], t[m], p[m]) for m in (~late, late)]
write("gesture-overflow.aedat", HEADER + packet(1, 8, 0, over[0]) + packet(1, 8, 1, over[1]))
for name in ("gesture.aedat", "gesture-overflow.aedat"):
    events = load_aedat_v3(path(name))
    keep(name, events["x"], events["y"], events["t"], events["p"])

# What SpikingJelly doesn't tell apart: invalid events, room for more events, and events with more bytes.
x, y, t, p = draw(5, 60, 128, 128, 9000)
valid = np.random.default_rng(6).integers(0, 2, 60)
m = valid == 1
write("gesture-invalid.aedat", HEADER + packet(1, 8, 0, polarity(x, y, t, p, valid)))
keep("gesture-invalid.aedat", x[m], y[m], t[m], p[m])
write("gesture-room.aedat", HEADER + packet(1, 8, 0, polarity(x, y, t, p), capacity=70) + special)
keep("gesture-room.aedat", x, y, t, p)
wide = [event + b"more" for event in polarity(x, y, t, p)]
write("gesture-wide.aedat", HEADER + packet(1, 12, 0, wide))
keep("gesture-wide.aedat", x, y, t, p)

two = polarity([1, 2], [3, 4], [5, 6], [0, 1])
write("bad-packet-cut.aedat", HEADER + packet(1, 8, 0, two)[:-3])
write("bad-header-cut.aedat", HEADER + packet(1, 8, 0, two) + packet(1, 8, 0, two)[:10])
write("bad-no-end.aedat", HEADER.replace(b"#!END-HEADER\r\n", b"") + packet(1, 8, 0, two))
write("bad-version.aedat", HEADER.replace(b"3.1", b"2.0") + packet(1, 8, 0, two))
write("bad-capacity.aedat", HEADER + packet(1, 8, 0, two, capacity=-5))
write("bad-size.aedat", HEADER + packet(1, 4, 0, two))
write("bad-place.aedat", HEADER + packet(1, 8, 0, polarity([1, 128], [3, 4], [5, 6], [0, 1])))

# AEDAT 4

x, y, t, p = draw(7, 600, 64, 48, 20_000)
t = t + 1_600_000_000_000_000
for compression in ("NONE", "LZ4", "LZ4_HIGH", "ZSTD", "ZSTD_HIGH"):
    name = f"dv-{compression.lower().replace('_', '-')}.aedat4"
    config = dv.io.MonoCameraWriter.Config("made", getattr(dv.CompressionType, compression))
    config.addEventStream((64, 48))
    config.addTriggerStream()
    writer = dv.io.MonoCameraWriter(path(name), config)
    for start in (0, 250, 500):
        store = dv.EventStore()
        for a, b, c, q in zip(*part((x, y, t, p), start, start + 250)):
            store.push_back(int(c), int(a), int(b), bool(q))
        writer.writeEvents(store)
        writer.writeTrigger(dv.Trigger(int(c), dv.TriggerType.EXTERNAL_SIGNAL_RISING_EDGE))
    del writer
    decoder = aedat.Decoder(path(name))
    read = np.concatenate([part["events"] for part in decoder if "events" in part])
    assert np.array_equal(read["t"], t) and np.array_equal(read["x"], x)
    keep(name, read["x"], read["y"], read["t"], read["on"])



def damage(name, source, change):
    data = bytearray(open(path(source), "rb").read())
    change(data)
    write(name, bytes(data))


def put(data, at, new):
    data[at : at + len(new)] = new


first = 18 + struct.unpack("<I", open(path("dv-none.aedat4"), "rb").read()[14:18])[0]
damage("bad-end.aedat4", "dv-lz4.aedat4", lambda data: data.__delitem__(slice(-1500, None)))
damage("bad-version.aedat4", "dv-lz4.aedat4", lambda data: put(data, 9, b"4.1"))
damage("bad-stream.aedat4", "dv-lz4.aedat4", lambda data: put(data, first, b"\x09"))
damage("bad-lz4.aedat4", "dv-lz4.aedat4", lambda data: put(data, first + 8 + 200, bytes(40)))
damage("bad-zstd.aedat4", "dv-zstd.aedat4", lambda data: put(data, first + 8 + 200, bytes(40)))
# The root's first slot leads to the vector, which starts with its length.
damage("bad-count.aedat4", "dv-none.aedat4", lambda data: put(data, data.index(struct.pack("<I", 250), first + 20), b"\xff\xff\xff\x0f"))

# Spiking Heidelberg Digits


def spoken(seed, counts, until=1.2):
    """Channels and times in seconds of words with so many spikes."""
    rng = np.random.default_rng(seed)
    times = [np.sort(rng.uniform(0, until, count)) for count in counts]
    return times, [rng.integers(0, 700, count) for count in counts], rng.integers(0, 20, len(counts))


def shd(name, times, units, labels, time_type, unit_type, **storage):
    with h5py.File(path(name), "w") as file:
        for key, rows, kind in (("times", times, time_type), ("units", units, unit_type)):
            data = file.create_dataset(f"spikes/{key}", (len(rows),), h5py.vlen_dtype(kind), **storage)
            for i, row in enumerate(rows):
                data[i] = np.asarray(row, kind)
        file["labels"] = labels.astype(np.uint16)
        file["extra/speaker"] = np.zeros(len(labels), np.uint16)
        file.create_dataset("extra/keys", data=[f"word {i}" for i in range(20)])


def keep_spoken(name):
    """What is there, and what tonic makes of it: whole microseconds, rounded towards 0."""
    with h5py.File(path(name)) as file:
        times = [np.asarray(row, np.float64) for row in file["spikes/times"]]
        units = [np.asarray(row, np.int64) for row in file["spikes/units"]]
        decoded[f"{name}.labels"] = np.asarray(file["labels"], np.uint16)
    whole = [(row[np.isfinite(row)] * 1e6).astype(np.int64) for row in times]
    kept = [unit[np.isfinite(row)] for row, unit in zip(times, units)]
    orders = [np.argsort(row, kind="stable") for row in whole]
    decoded[f"{name}.lengths"] = np.array([len(row) for row in whole], np.uint32)
    decoded[f"{name}.times"] = np.concatenate([a[o] for a, o in zip(whole, orders)]).astype(np.float64)
    decoded[f"{name}.units"] = np.concatenate([a[o] for a, o in zip(kept, orders)]).astype(np.uint16)


shd("shd-f16.h5", *spoken(8, [150, 0, 400, 1, 90, 300, 220, 80]), np.float16, np.uint16, chunks=(3,), compression="gzip")
shd("shd-f64.h5", *spoken(9, [70, 120, 60]), np.float64, np.int64)
times, units, labels = spoken(10, [40, 30, 20])
times[0][39], times[1][4] = np.inf, np.nan
times[2] = times[2][::-1]
shd("shd-odd.h5", times, units, labels, np.float32, np.uint32)
with tables.open_file(path("shd-tables.h5"), "w") as file:
    times, units, labels = spoken(11, [50, 60, 10, 0, 70])
    group = file.create_group("/", "spikes")
    for key, rows, atom in (("times", times, tables.Float16Atom()), ("units", units, tables.UInt16Atom())):
        data = file.create_vlarray(group, key, atom, chunkshape=(4,))
        for row in rows:
            data.append(row.astype(atom.dtype))
    file.create_array("/", "labels", labels.astype(np.uint16))
for name in ("shd-f16.h5", "shd-f64.h5", "shd-odd.h5", "shd-tables.h5"):
    keep_spoken(name)

times, units, labels = spoken(12, [30, 20, 25])
shd("bad-unit.h5", times, [units[0], np.full(20, 700), units[2]], labels, np.float32, np.uint16)
shd("bad-time.h5", [times[0] - 1, times[1], times[2]], units, labels, np.float32, np.uint16)
shd("bad-lengths.h5", times, [units[0], units[1][:15], units[2]], labels, np.float32, np.uint16)
shd("bad-labels.h5", times, units, labels[:2], np.float32, np.uint16)
damage("bad-end.h5", "shd-f64.h5", lambda data: data.__delitem__(slice(-900, None)))
with h5py.File(path("bad-flat.h5"), "w") as file:
    file["spikes/times"], file["spikes/units"], file["labels"] = np.zeros(3), np.zeros(3), np.zeros(3, int)
with h5py.File(path("bad-missing.h5"), "w") as file:
    file["spikes/units"], file["labels"] = np.zeros(3), np.zeros(3, int)

# Frames


def frames_of(name, options, frames):
    frames = np.ascontiguousarray(frames, np.int32)
    return {
        "file": name,
        "options": options,
        "shape": list(frames.shape),
        "sums": frames.reshape(len(frames), -1).sum(1).tolist(),
        "sha256": hashlib.sha256(frames.tobytes()).hexdigest(),
    }


TONIC = [
    {"time_window": 10_000},
    {"time_window": 10_000, "include_incomplete": True},
    {"time_window": 10_000, "overlap": 2500},
    {"time_window": 7001, "overlap": 3, "include_incomplete": True},
    {"time_window": 20_000, "start_time": 5000, "end_time": 250_000},
    {"time_window": 10_000_000},
    {"event_count": 300},
    {"event_count": 300, "include_incomplete": True},
    {"event_count": 300, "overlap": 77, "include_incomplete": True},
    {"event_count": 5000},
    {"n_time_bins": 10},
    {"n_time_bins": 7, "overlap": 0.25},
    {"n_event_bins": 9},
    {"n_event_bins": 9, "overlap": 0.3},
    {"n_event_bins": 5000},
]
SPIKINGJELLY = [
    {"split_by": "number", "frames_number": 7},
    {"split_by": "number", "frames_number": 1},
    {"split_by": "time", "frames_number": 16},
    {"duration": 10_000},
    {"duration": 12_345},
    {"duration": 10_000_000},
]
cut = []
for name, size in (("nmnist-plain.bin", 34), ("gesture.aedat", 128)):
    x, y, t, p = (decoded[f"{name}.{column}"] for column in "xytp")
    events = tonic.io.make_structured_array(x, y, t, p)
    for options in TONIC:
        cut.append(frames_of(name, options, transforms.ToFrame(sensor_size=(size, size, 2), **options)(events.copy())))
    columns = {"x": x, "y": y, "t": t.astype(np.int64), "p": p}
    for options in SPIKINGJELLY:
        if "duration" in options:
            frames = integrate_events_by_fixed_duration(columns, options["duration"], size, size)
        else:
            frames = integrate_events_by_fixed_frames_number(columns, options["split_by"], options["frames_number"], size, size)
        cut.append(frames_of(name, options, frames))
with open(path("frames.json"), "w") as file:
    json.dump(cut, file, separators=(",", ":"))

# Crops and coarser grids

x, y, t, p = (decoded[f"nmnist-plain.bin.{column}"] for column in "xytp")
events = tonic.io.make_structured_array(x, y, t, p)
for name, transform in {
    "crop-even": transforms.CenterCrop(sensor_size=(34, 34, 2), size=(28, 20)),
    "crop-odd": transforms.CenterCrop(sensor_size=(34, 34, 2), size=(17, 40)),
    "crop-time": transforms.CropTime(min=1000, max=150_000),
    "half": transforms.Downsample(spatial_factor=0.5),
    "uneven": transforms.Downsample(spatial_factor=(0.3, 0.7), time_factor=0.001),
    "merged": transforms.MergePolarities(),
}.items():
    new = transform(events.copy())
    keep(name, new["x"], new["y"], new["t"], new["p"])

save_file(decoded, path("decoded.safetensors"))
